/* The editor of a rich text field. It is django-prose-editor's (ProseMirror, tiptap), fetched only here and only where
   the browser can run it; otherwise the plain box stays as the server wrote it. Its schema is the canonical form of
   web/richtext.py, so that nothing shown here is lost when it is saved. No import map: the address of the library
   stands in data-editor, and the policy stays without a nonce. */
(function () {
  "use strict";

  var able = typeof Object.hasOwn === "function" && typeof Array.prototype.at === "function";
  var IN_CELL = "(paragraph|bulletList|orderedList)+";
  var SHA256 = /^[0-9a-f]{64}$/;
  var LINK = /^(?:https?:\/\/[^/?#\s]\S*|mailto:[^@\s]+@[^@\s]+|tel:\+?[\d-]+)$/i;

  function make(tag, attributes, children) {
    var made = document.createElement(tag);
    Object.entries(attributes || {}).forEach(function (pair) { made.setAttribute(pair[0], pair[1]); });
    made.append.apply(made, children || []);
    return made;
  }

  /* ---- What a text is made of ---- */

  function extensions(lib, pictures) {
    var Picture = lib.Node.create({
      name: "picture", inline: true, group: "inline", atom: true, draggable: true, marks: "",
      addAttributes: function () {
        return {
          sha: { default: "", parseHTML: function (found) { return found.dataset.picture; },
                 renderHTML: function (attrs) { return { "data-picture": attrs.sha }; } },
          alt: { default: "" }
        };
      },
      parseHTML: function () {
        return [{ tag: "img[data-picture]",
                  getAttrs: function (found) { return SHA256.test(found.dataset.picture) ? null : false; } }];
      },
      renderHTML: function (given) { return ["img", given.HTMLAttributes]; },
      addNodeView: function () {
        return function (given) {
          var sha = given.node.attrs.sha, alt = given.node.attrs.alt;
          var dom = pictures[sha] ? make("img", { src: pictures[sha], alt: alt }) :
            make("span", {}, ["［图：" + (alt || "没有说明") + "］"]);
          return { dom: dom };
        };
      }
    });
    var Heading = lib.Heading.extend({
      parseHTML: function () {
        return [1, 2, 3, 4, 5, 6].map(function (level) {
          return { tag: "h" + level, attrs: { level: Math.min(Math.max(level, 2), 4) } };
        });
      },
      addKeyboardShortcuts: function () { return {}; }
    }).configure({ levels: [2, 3, 4] });
    var Table = lib.Table.extend({
      addAttributes: function () {
        return { caption: { default: "", parseHTML: function (found) {
          return found.caption ? found.caption.textContent.replace(/\s+/g, " ").trim() : "";
        }, renderHTML: function () { return {}; } } };
      },
      parseHTML: function () { return [{ tag: "table" }, { tag: "caption", ignore: true }]; },
      renderHTML: function (given) {
        var caption = given.node.attrs.caption;
        return ["table", {}].concat(caption ? [["caption", {}, caption]] : [], [["tbody", 0]]);
      },
      addNodeView: function () {
        var parent = this.parent();
        return function (given) {
          var view = parent(given), update = view.update;
          var caption = make("caption", { contenteditable: "false" });
          var show = function (node) {
            caption.textContent = node.attrs.caption;
            caption.hidden = !node.attrs.caption;
          };
          view.table.prepend(caption);
          view.update = function (node) {
            if (!update(node)) { return false; }
            show(node);
            return true;
          };
          var ignore = view.ignoreMutation && view.ignoreMutation.bind(view);
          view.ignoreMutation = function (mutation) {
            return mutation.type !== "selection" && caption.contains(mutation.target) || Boolean(ignore && ignore(mutation));
          };
          show(given.node);
          return view;
        };
      },
      addKeyboardShortcuts: function () {
        /* Tab goes from cell to cell and, at the last one, out of the editor: nobody is caught in it. */
        var editor = this.editor;
        return {
          Tab: function () { return editor.commands.goToNextCell(); },
          "Shift-Tab": function () { return editor.commands.goToPreviousCell(); }
        };
      }
    });
    var cell = { content: IN_CELL };
    return [
      lib.Document, lib.Paragraph, lib.Text, lib.HardBreak, lib.History, lib.Gapcursor, lib.TrailingNode,
      Heading, lib.Bold, lib.Italic, lib.Underline, lib.Strike, lib.Subscript, lib.Superscript,
      lib.BulletList, lib.OrderedList.extend({ addMenuItems: null }),
      lib.ListItem.extend({ content: "paragraph (paragraph|bulletList|orderedList)*",
                            addKeyboardShortcuts: function () {
                              var editor = this.editor;
                              return { Enter: function () { return editor.commands.splitListItem("listItem"); } };
                            } }),
      lib.Blockquote.extend(cell), Table, lib.TableRow, lib.TableHeader.extend(cell), lib.TableCell.extend(cell),
      lib.Link.configure({ autolink: false, linkOnPaste: false, openOnClick: false, enableTarget: false,
                           isAllowedUri: function (address) { return LINK.test(address); } }),
      Picture
    ];
  }

  /* ---- The tool bar: words, one stop of the Tab key, arrows inside ---- */

  function tools(editor, ask) {
    var run = function (name) {
      var given = Array.prototype.slice.call(arguments, 1);
      return function () {
        var chain = editor.chain().focus();
        chain[name].apply(chain, given).run();
        editor.view.focus(); /* at once: the library's own focus waits for the next frame, and a key between would be lost */
      };
    };
    var is = function (name, attrs) { return function () { return editor.isActive(name, attrs); }; };
    var inTable = is("table"), inList = is("listItem"), atPicture = is("picture");
    var heading = function (label, level) {
      return [label, run("toggleHeading", { level: level }), is("heading", { level: level }), function () { return !inTable(); }];
    };
    var table = function (label, name) { return [label, run(name), null, inTable]; };
    return [
      [heading("标题", 2), heading("小标题", 3), heading("三级标题", 4)],
      [["加粗", run("toggleBold"), is("bold")], ["着重", run("toggleItalic"), is("italic")],
       ["下划线", run("toggleUnderline"), is("underline")], ["删除线", run("toggleStrike"), is("strike")],
       ["上标", run("toggleSuperscript"), is("superscript")], ["下标", run("toggleSubscript"), is("subscript")]],
      [["列表", run("toggleBulletList"), is("bulletList")], ["编号", run("toggleOrderedList"), is("orderedList")],
       ["降一级", run("sinkListItem", "listItem"), null, inList], ["升一级", run("liftListItem", "listItem"), null, inList],
       ["引用", run("toggleBlockquote"), is("blockquote"), function () { return !inTable(); }]],
      [["链接", ask.link, is("link")], ["去掉链接", run("unsetLink"), null, is("link")],
       ["图片说明", ask.alt, null, atPicture]],
      [["插入表格", run("insertTable", { rows: 3, cols: 3, withHeaderRow: true }), null, function () { return !inTable(); }],
       ["表名", ask.caption, null, inTable],
       table("下面加行", "addRowAfter"), table("右边加列", "addColumnAfter"), table("删行", "deleteRow"), table("删列", "deleteColumn"),
       table("合并单元格", "mergeCells"), table("拆分单元格", "splitCell"), table("首行是表头", "toggleHeaderRow"),
       table("表头格", "toggleHeaderCell"), table("删表格", "deleteTable")],
      [["撤销", run("undo")], ["重做", run("redo")]]
    ];
  }

  function bar(groups, editor) {
    var buttons = [];
    var drawn = make("div", { "class": "rich-bar", role: "toolbar", "aria-label": "正文的格式" }, groups.map(function (group) {
      return make("span", {}, group.map(function (tool) {
        var button = make("button", { type: "button", tabindex: "-1" }, [tool[0]]);
        button.addEventListener("click", tool[1]);
        button.addEventListener("mousedown", function (event) { event.preventDefault(); });
        buttons.push({ button: button, on: tool[2], shown: tool[3] });
        return button;
      }));
    }));
    var list = function () {
      return buttons.map(function (one) { return one.button; }).filter(function (button) { return !button.hidden; });
    };
    var stop = function (button) {
      buttons.forEach(function (one) { one.button.tabIndex = one.button === button ? 0 : -1; });
    };
    var draw = function () {
      buttons.forEach(function (one) {
        one.button.hidden = Boolean(one.shown) && !one.shown();
        if (one.on) { one.button.setAttribute("aria-pressed", String(one.on())); }
      });
      if (!list().some(function (button) { return button.tabIndex === 0; })) { stop(list()[0]); }
    };
    drawn.addEventListener("keydown", function (event) {
      var all = list(), at = all.indexOf(document.activeElement);
      var to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
      if (event.key === "Escape") { event.preventDefault(); editor.view.focus(); return; }
      if (at < 0 || to === undefined) { return; }
      event.preventDefault();
      var next = all[(to + all.length) % all.length];
      stop(next);
      next.focus();
    });
    editor.on("transaction", draw);
    draw();
    return { element: drawn, focus: function () { list().find(function (one) { return one.tabIndex === 0; }).focus(); } };
  }

  /* ---- One question at a time, in the page ---- */

  function asking(editor, place) {
    var number = 0;
    var close = function () { place.textContent = ""; };
    var question = function (label, hint, value, check, answer) {
      close();
      var id = "rich-ask-" + (number += 1);
      var box = make("input", { "class": "input", id: id, type: "text", "aria-describedby": id + "-hint" });
      var line = make("p", { "class": "field-hint", id: id + "-hint" }, [hint]);
      var done = make("button", { type: "button", "class": "button" }, ["确定"]);
      var leave = make("button", { type: "button", "class": "button" }, ["取消"]);
      var finish = function () {
        var given = box.value.trim();
        if (!check(given)) {
          line.className = "field-fault";
          box.setAttribute("aria-invalid", "true");
          box.focus();
          return;
        }
        close();
        answer(given);
        editor.view.focus();
      };
      var back = function () { close(); editor.view.focus(); };
      box.value = value || "";
      done.addEventListener("click", finish);
      leave.addEventListener("click", back);
      var form = make("div", { "class": "rich-ask" }, [make("label", { "for": id }, [label]), box, done, leave, line]);
      form.addEventListener("keydown", function (event) {
        if (event.key === "Enter" && event.target === box && !event.isComposing) { event.preventDefault(); finish(); }
        if (event.key === "Escape") { event.preventDefault(); back(); }
      });
      place.append(form);
      box.focus();
    };
    var anything = function () { return true; };
    return {
      link: function () {
        var found = editor.getAttributes("link").href;
        if (editor.state.selection.empty && !found) {
          question("文字和网址", "先写文字，空一格，再写网址，例如：原文 https://www.example.gov.cn/a", "", function (given) {
            return LINK.test(given.split(/\s+/).pop());
          }, function (given) {
            var href = given.split(/\s+/).pop(), text = given.slice(0, -href.length).trim() || href;
            editor.chain().focus().insertContent({ type: "text", text: text, marks: [{ type: "link", attrs: { href: href } }] }).run();
          });
          return;
        }
        question("网址", "完整的网址，以 https:// 开头；也可以是 mailto: 邮箱或 tel: 电话。", found, function (given) {
          return LINK.test(given);
        }, function (given) {
          editor.chain().focus().extendMarkRange("link").setLink({ href: given }).run();
        });
      },
      alt: function () {
        question("图片说明", "写给看不见图的人：图上有什么。", editor.getAttributes("picture").alt, anything, function (given) {
          editor.chain().focus().updateAttributes("picture", { alt: given.slice(0, 200) }).run();
        });
      },
      caption: function () {
        question("表名", "显示在表格上方，例如：补助标准。", editor.getAttributes("table").caption, anything, function (given) {
          editor.chain().focus().updateAttributes("table", { caption: given.slice(0, 100) }).run();
        });
      }
    };
  }

  /* ---- Start ---- */

  function start(field, lib) {
    var kept = field.querySelector("textarea[data-id]");
    var plain = field.querySelector("[data-rich-plain]");
    var id = kept.dataset.id;
    var pictures = JSON.parse(field.dataset.pictures);
    var label = document.querySelector('label[for="' + id + '"]');
    var said = make("p", { "class": "rich-said fine", role: "status" });
    var own = false, note = "";
    var attributes = { "class": "rich-box rich", id: id, role: "textbox", "aria-multiline": "true",
                       "aria-label": (label ? label.textContent.trim() : "正文") + "，按 Esc 到格式工具栏" };
    ["aria-describedby", "aria-invalid"].forEach(function (name) {
      if (kept.getAttribute("data-" + name)) { attributes[name] = kept.getAttribute("data-" + name); }
    });
    var strip = function (given) {
      /* the policy would only forbid them one by one */
      var html = given.replace(/<style[\s\S]*?<\/style>/gi, "").replace(/\sstyle=(?:"[^"]*"|'[^']*')/gi, "");
      var pasted = new DOMParser().parseFromString(html, "text/html");
      var strange = Array.from(pasted.images).filter(function (image) { return !pictures[image.dataset.picture]; });
      strange.forEach(function (image) { image.remove(); });
      note = strange.length ? "图片不能粘贴进来，请用 Word 文件带入。" : "";
      return strange.length ? pasted.body.innerHTML : html;
    };
    var place = make("div"), box = make("div");
    var editor = new lib.Editor({
      element: box,
      injectCSS: false, enableInputRules: false, enablePasteRules: false,
      extensions: extensions(lib, pictures),
      content: kept.value,
      editorProps: {
        attributes: attributes,
        transformPastedHTML: strip,
        handleKeyDown: function (view, event) {
          if (event.key !== "Escape" || event.isComposing) { return false; }
          toolbar.focus();
          return true;
        }
      },
      onUpdate: function (given) {
        own = true;
        kept.value = given.editor.getHTML();
        kept.dispatchEvent(new Event("input", { bubbles: true }));
        own = false;
        said.textContent = note;
        note = "";
      }
    });
    var toolbar = bar(tools(editor, asking(editor, place)), editor);
    box.prepend(make("div", { "class": "rich-top" }, [toolbar.element, place]));

    /* the draft of this tab was put back, or thrown away */
    kept.addEventListener("input", function () {
      if (!own) { editor.commands.setContent(kept.value, { emitUpdate: false }); }
    });
    Array.from(plain.querySelectorAll("textarea, input")).forEach(function (one) { one.disabled = true; });
    var shown = plain.querySelector("#" + CSS.escape(id));
    if (shown) { shown.removeAttribute("id"); }
    plain.hidden = true;
    kept.disabled = false;
    if (attributes["aria-invalid"]) { field.dataset.invalid = ""; }
    field.insertBefore(box, kept);
    field.insertBefore(said, kept);
    if (label) { label.addEventListener("click", function () { editor.view.focus(); }); }
    field.dataset.rich = "started";
  }

  Array.from(document.querySelectorAll('[data-rich=""]')).forEach(function (field) {
    if (!able) { return; }
    field.dataset.rich = "starting";
    import(field.dataset.editor).then(function (lib) { start(field, lib); }).catch(function () {
      field.dataset.rich = "plain"; /* too old a browser, or the file did not come */
    });
  });
})();
