/* Small conveniences on top of pages that work without them. Syntax of 2017: office browsers are old. */
(function () {
  "use strict";

  var all = function (selector, within) {
    return Array.from((within || document).querySelectorAll(selector));
  };

  /* Storage can be switched off by policy; then there are simply no drafts. */
  var store = {
    get: function (key) {
      try { return JSON.parse(sessionStorage.getItem(key)); } catch (e) { return null; }
    },
    set: function (key, value) {
      try { sessionStorage.setItem(key, JSON.stringify(value)); } catch (e) { /* full or forbidden */ }
    },
    drop: function (key) {
      try { sessionStorage.removeItem(key); } catch (e) { /* forbidden */ }
    }
  };

  /* ---- Drafts: what was typed survives an ended session, in this tab only ---- */

  var SENT = "sent";
  var draftKey = function (form) { return "draft:" + form.dataset.keep; };

  function controls(form) {
    return Array.from(form.elements).filter(function (box) {
      return box.name && ["password", "file", "hidden", "submit", "button"].indexOf(box.type) < 0;
    });
  }

  function valuesOf(form) {
    var values = {};
    controls(form).forEach(function (box) {
      if (box.type === "radio" || box.type === "checkbox") {
        values[box.name] = values[box.name] || [];
        if (box.checked) { values[box.name].push(box.value); }
      } else if (box.multiple) {
        values[box.name] = Array.from(box.selectedOptions).map(function (option) { return option.value; });
      } else {
        values[box.name] = (values[box.name] || []).concat(box.value);
      }
    });
    return values;
  }

  function fill(form, values) {
    var taken = {};
    controls(form).forEach(function (box) {
      var kept = values[box.name];
      if (!kept) { return; }
      if (box.type === "radio" || box.type === "checkbox") {
        box.checked = kept.indexOf(box.value) >= 0;
      } else if (box.multiple) {
        Array.from(box.options).forEach(function (option) { option.selected = kept.indexOf(option.value) >= 0; });
      } else {
        taken[box.name] = taken[box.name] || 0;
        var value = kept[taken[box.name]++];
        if (value !== undefined) { box.value = value; }
      }
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function same(a, b) { return JSON.stringify(a) === JSON.stringify(b); }

  function wasReached() {
    var entry = performance.getEntriesByType && performance.getEntriesByType("navigation")[0];
    return !entry || entry.type === "navigate";
  }

  /* A sent form was saved unless this page asks to sign in, reports a failure or shows the form with faults. */
  function settleSent() {
    var sent = store.get(SENT);
    if (!sent) { return; }
    store.drop(SENT);
    var failed = document.querySelector(".error-summary, input[type=password], [data-keep-drafts]");
    if (!failed && wasReached()) { store.drop("draft:" + sent); }
  }

  function restore(form, blank) {
    var draft = store.get(draftKey(form));
    if (!draft || document.querySelector(".error-summary") || same(draft.values, blank)) { return; }
    fill(form, draft.values);
    var note = document.createElement("div");
    note.className = "notice";
    note.setAttribute("role", "status");
    var text = document.createElement("p");
    text.textContent = "已恢复您在 " + draft.at + " 填写、还没有保存的内容。" +
      (form.querySelector("input[type=file]") ? "附件请重新选择。" : "");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = "不要这些内容";
    button.addEventListener("click", function () {
      fill(form, blank);
      store.drop(draftKey(form));
      form.dataset.clean = "yes";
      note.remove();
    });
    note.appendChild(text);
    note.appendChild(button);
    form.parentNode.insertBefore(note, form);
  }

  function keep(form) {
    var blank = valuesOf(form);
    var timer = null;
    var save = function () {
      clearTimeout(timer);
      if (form.dataset.clean === "yes") { return; }
      var values = valuesOf(form);
      if (same(values, blank)) { store.drop(draftKey(form)); return; }
      var now = new Date();
      var two = function (n) { return String(n).padStart(2, "0"); };
      store.set(draftKey(form), { values: values, at: two(now.getHours()) + ":" + two(now.getMinutes()) });
    };
    form.dataset.clean = "yes";
    restore(form, blank);
    form.addEventListener("input", function () {
      form.dataset.clean = "no";
      clearTimeout(timer);
      timer = setTimeout(save, 400);
    });
    form.addEventListener("submit", function (event) {
      if (event.defaultPrevented) { return; }
      save();
      store.set(SENT, form.dataset.keep);
      form.dataset.clean = "yes";
    });
    window.addEventListener("pagehide", save);
    window.addEventListener("beforeunload", function (event) {
      if (form.dataset.clean === "yes" || same(valuesOf(form), blank)) { return; }
      event.preventDefault();
      event.returnValue = "";
    });
  }

  /* ---- A form is sent once, however often the button is pressed ---- */

  function sendOnce(event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) { return; }
    if (form.dataset.sending) { event.preventDefault(); return; }
    form.dataset.sending = "yes";
    all("button", form).forEach(function (button) { button.setAttribute("aria-disabled", "true"); });
    setTimeout(function () { release(form); }, 15000);
  }

  function release(form) {
    delete form.dataset.sending;
    all("button", form).forEach(function (button) { button.removeAttribute("aria-disabled"); });
  }

  /* ---- How many characters are left ---- */

  function count(box) {
    var most = Number(box.dataset.max || box.getAttribute("maxlength"));
    var line = document.createElement("p");
    var id = (box.id || box.name) + "_count";
    line.className = "field-count";
    line.id = id;
    line.setAttribute("aria-live", "polite");
    box.setAttribute("aria-describedby", ((box.getAttribute("aria-describedby") || "") + " " + id).trim());
    box.parentNode.insertBefore(line, box.nextSibling);
    var draw = function () {
      var length = Array.from(box.value.trim()).length;
      var quiet = box.tagName === "INPUT" && length < most * 0.8;
      line.hidden = quiet;
      line.toggleAttribute("data-over", length > most);
      line.textContent = length > most ? "超出 " + (length - most) + " 个字，最多 " + most + " 个字" :
        "已写 " + length + " 个字，还可以写 " + (most - length) + " 个字";
    };
    box.addEventListener("input", draw);
    draw();
  }

  /* ---- Keys: j and k move in a list, / searches, data-key goes to its button; Enter does it, so that
     no single key decides anything. They can be switched off. ---- */

  /* Digits answer the questions in [data-digits] one after the other; what comes next gets the focus. */
  function answer(box, digit) {
    var groups = [];
    all("input[type=radio]", box).forEach(function (radio) {
      var last = groups[groups.length - 1];
      if (last && last[0].name === radio.name) { last.push(radio); } else { groups.push([radio]); }
    });
    var open = function (group) { return !group.some(function (radio) { return radio.checked; }); };
    var here = function (group) { return group.indexOf(document.activeElement) >= 0; };
    var at = groups.findIndex(here);
    if (at < 0) { at = groups.findIndex(open); }
    var radio = at < 0 ? null : groups[at][digit - 1];
    if (!radio) { return false; }
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    var explain = groups.some(function (group) { return !group[0].checked; }) && box.querySelector("textarea");
    var form = box.closest("form");
    (groups[at + 1] ? groups[at + 1][0] : explain || form.querySelector("button")).focus();
    return true;
  }

  function keys(help) {
    var questions = document.querySelector("[data-digits]");
    var list = document.querySelector("[data-keys]");
    var button = help.querySelector("button");
    var off = function () { return store.get("keys-off") === true; };
    var label = function () { button.textContent = off() ? "开启快捷键" : "关闭快捷键"; };
    button.addEventListener("click", function () { store.set("keys-off", !off()); label(); });
    label();
    all("[data-keys-text]", help).forEach(function (hint) { hint.hidden = !document.querySelector("form textarea"); });
    all("[data-keys-digits]", help).forEach(function (hint) { hint.hidden = !questions; });
    all("[data-keys-list]", help).forEach(function (hint) { hint.hidden = !list; });
    all("[data-keys-search]", help).forEach(function (hint) {
      hint.hidden = !document.querySelector("input[type=search]");
    });
    var first = help.firstChild;
    all("[data-key]").forEach(function (target) {
      var hint = document.createElement("span");
      var key = document.createElement("kbd");
      key.textContent = target.dataset.key;
      hint.appendChild(key);
      hint.appendChild(document.createTextNode(" 到“" + target.textContent.trim() + "”"));
      help.insertBefore(hint, first);
    });
    help.hidden = false;
    document.addEventListener("keydown", function (event) {
      if (!off() && event.ctrlKey && event.key === "Enter" && event.target.matches("form textarea")) {
        event.target.form.querySelector("button").click();
        return;
      }
      if (off() || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) { return; }
      if (event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])")) { return; }
      var search = document.querySelector("input[type=search]");
      if (event.key === "/" && search) { event.preventDefault(); search.focus(); return; }
      var target = all("[data-key]").find(function (one) { return one.dataset.key === event.key; });
      if (target) { event.preventDefault(); target.focus(); return; }
      if (questions && /^[1-9]$/.test(event.key) && answer(questions, Number(event.key))) { event.preventDefault(); return; }
      if (!list || (event.key !== "j" && event.key !== "k")) { return; }
      var rows = all("tr, li", list).filter(function (row) { return row.querySelector("a[href]"); });
      var at = rows.findIndex(function (row) { return row.contains(document.activeElement); });
      var next = rows[event.key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0)];
      if (!next) { return; }
      rows.forEach(function (row) { row.toggleAttribute("data-row-at", row === next); });
      next.querySelector("a[href]").focus();
    });
  }

  /* ---- What is under way: the parts marked so are fetched again until the page marks them no longer ---- */

  var LOOKS = 400;  /* then the page stands still, and an idle session ends as it should */

  function refresh(left) {
    var parts = all("[data-refresh][id]");
    if (!parts.length || left < 1) { return; }
    setTimeout(function () {
      if (document.hidden) { refresh(left); return; }
      fetch(location.href, { credentials: "same-origin", redirect: "error" }).then(function (answer) {
        return answer.ok ? answer.text() : "";
      }).then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html");
        parts.forEach(function (part) {
          var next = fresh.getElementById(part.id);
          var held = part.contains(document.activeElement) && next && next.hasAttribute("data-refresh");
          if (next && !held) { part.parentNode.replaceChild(document.importNode(next, true), part); }
        });
        refresh(left - 1);
      }).catch(function () { refresh(left - 1); });
    }, 3000);
  }

  /* ---- Start ---- */

  settleSent();
  all("form[data-keep]").forEach(keep);
  all("textarea[maxlength], [data-max]").forEach(count);
  all("[data-keys-help]").forEach(keys);
  refresh(LOOKS);
  document.addEventListener("submit", sendOnce);
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { all("form").forEach(release); }
  });

  var summary = document.querySelector(".error-summary");
  if (summary) { summary.focus(); }
  all(".error-summary a").forEach(function (link) {
    link.addEventListener("click", function (event) {
      var box = document.getElementById(link.hash.slice(1));
      if (box) { event.preventDefault(); box.focus(); box.scrollIntoView({ block: "center" }); }
    });
  });

  all("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  window.addEventListener("beforeprint", function () {
    all("details.fold").forEach(function (fold) { fold.open = true; });
  });

  document.addEventListener("keydown", function (event) {
    var menu = document.querySelector(".desk-menu[open]");
    if (event.key === "Escape" && menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();
