/* The form on the spot: each point is stored by itself as soon as it is answered. Where the network is gone, what was
   written is kept in this tab and sent when it is back. Without this script each point has its own button. */
(function () {
  "use strict";

  var forms = Array.from(document.querySelectorAll("form[data-at-once]"));
  var store = {
    get: function (key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch (e) { return null; } },
    set: function (key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch (e) { /* full or forbidden */ } },
    drop: function (key) { try { sessionStorage.removeItem(key); } catch (e) { /* forbidden */ } }
  };
  var key = function (form) { return "onsite:" + form.getAttribute("action"); };
  var line = function (form) { return form.querySelector("[data-saved]"); };
  var note = function (form) { return form.querySelector("textarea"); };
  var files = function (form) { return Array.from(form.querySelectorAll("input[type=file]")); };
  var hasFiles = function (form) { return files(form).some(function (box) { return box.files.length; }); };

  function say(form, text, unsent) {
    line(form).textContent = text;
    line(form).toggleAttribute("data-unsent", Boolean(unsent));
  }

  function remember(form) {
    var chosen = form.querySelector("input[type=radio]:checked");
    store.set(key(form), { result: chosen ? chosen.value : "", note: note(form).value });
  }

  function count() {
    var done = document.querySelectorAll("[data-point]:not([data-result=''])").length;
    document.querySelector("[data-answered]").textContent = done;
  }

  /* One request of a form at a time; what changes meanwhile is sent after it. */
  function send(form, removed) {
    if (form.dataset.busy || !hasFiles(form)) { post(form, removed); return; }
    form.dataset.busy = "yes";
    say(form, "正在准备照片……");
    var chosen = files(form).reduce(function (all, box) { return all.concat(Array.from(box.files)); }, []);
    Promise.all(chosen.map(lighter))
      .then(function (photos) { delete form.dataset.busy; post(form, removed, photos, chosen); });
  }

  /* A phone's photograph at a size that still shows a notice board's small print, and without where it was taken. */
  function lighter(file) {
    if (!window.createImageBitmap || !/^image\/(jpeg|png)$/.test(file.type)) { return Promise.resolve(file); }
    return createImageBitmap(file).then(function (picture) {
      var scale = Math.min(1, 2400 / Math.max(picture.width, picture.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return new Promise(function (done) {
        canvas.toBlob(function (blob) {
          done(blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file);
        }, "image/jpeg", 0.85);
      });
    }).catch(function () { return file; });
  }

  /* `photos` go in the place of those `chosen`; what is chosen while a request is under way waits for the next one. */
  function post(form, removed, photos, chosen) {
    if (form.dataset.busy) {
      form.dataset.again = "yes";
      if (removed) { form.dataset.removed = removed; }
      return;
    }
    var data = new FormData(form);
    if (photos) {
      data.delete("photos");
      photos.forEach(function (photo) { data.append("photos", photo, photo.name); });
    }
    if (removed) { data.append("removed", removed); }
    var sentNote = note(form).value;
    form.dataset.busy = "yes";
    form.dataset.unsent = "yes";
    delete form.dataset.retry;
    remember(form);
    say(form, hasFiles(form) ? "正在传照片……" : "正在保存……");
    fetch(form.getAttribute("action"), {
      method: "POST", body: data, credentials: "same-origin", headers: { "X-Part": "point" }
    }).then(function (response) {
      return response.text().then(function (text) { take(form, response, text, sentNote, chosen || []); });
    }).catch(function () {
      form.dataset.retry = "yes";
      say(form, "没有存上：连不上网络。写的内容留在这里，连上以后自动再存" +
        (hasFiles(form) ? "；照片还没有传上，请不要离开这一页。" : "。"), true);
    }).then(function () {
      delete form.dataset.busy;
      if (form.dataset.again) {
        var later = form.dataset.removed;
        delete form.dataset.again;
        delete form.dataset.removed;
        send(form, later);
      }
    });
  }

  /* What the server says of a point now: its photographs, its faults, and what may be done next. */
  function take(form, response, text, sentNote, chosen) {
    var page = new DOMParser().parseFromString(text, "text/html");
    var fresh = page.querySelector("[data-point]");
    if (!fresh) {
      say(form, page.querySelector("input[type=password]") ?
        "没有存上：登录已经过期。请在另一个窗口登录，回来再点“保存”。" :
        "没有存上：这次检查的记录已经不能改，请刷新页面看最新情况。", true);
      return;
    }
    var point = form.closest("[data-point]");
    ["photos", "point-faults"].forEach(function (name) {
      var old = point.querySelector("." + name);
      old.parentNode.replaceChild(document.importNode(fresh.querySelector("." + name), true), old);
    });
    var steps = page.querySelector(".next-steps"), shown = document.querySelector(".next-steps");
    if (steps && shown) { shown.parentNode.replaceChild(document.importNode(steps, true), shown); }
    if (!response.ok) { say(form, "没有存上，请按上面的提示改。", true); return; }
    files(form).forEach(function (box) {
      if (Array.from(box.files).every(function (file) { return chosen.indexOf(file) >= 0; })) { box.value = ""; }
    });
    ["was_result", "was_note"].forEach(function (name) { form.elements[name].value = fresh.querySelector("[name=" + name + "]").value; });
    point.dataset.result = fresh.dataset.result;
    if (!form.querySelector("input[type=radio]:checked") && fresh.dataset.result) {
      form.querySelector("input[type=radio][value=" + fresh.dataset.result + "]").checked = true;
    }
    if (note(form).value === sentNote) {
      note(form).value = fresh.querySelector("textarea").value;
      delete form.dataset.unsent;
      store.drop(key(form));
    }
    say(form, fresh.querySelector("[data-saved]").textContent);
    count();
  }

  function restore(form) {
    var kept = store.get(key(form));
    if (!kept) { return; }
    Array.from(form.querySelectorAll("input[type=radio]")).forEach(function (box) {
      box.checked = box.value === kept.result;
    });
    note(form).value = kept.note;
    send(form);
  }

  forms.forEach(function (form) {
    form.classList.add("is-kept");
    form.addEventListener("change", function (event) {
      if (event.target.value === "no") { form.querySelector("details").open = true; }
      send(form);
    });
    form.addEventListener("input", function (event) {
      if (event.target !== note(form)) { return; }
      form.dataset.unsent = "yes";
      remember(form);
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); send(form); });
    form.addEventListener("click", function (event) {
      var button = event.target.closest("button[name=removed]");
      if (button) { event.preventDefault(); send(form, button.value); }
    });
    restore(form);
  });

  function again() {
    forms.forEach(function (form) { if (form.dataset.retry) { send(form); } });
  }
  window.addEventListener("online", again);
  setInterval(function () { if (navigator.onLine !== false) { again(); } }, 30000);
  /* A photograph that has not arrived is lost with the page. */
  window.addEventListener("beforeunload", function (event) {
    if (forms.some(function (form) { return form.dataset.unsent && hasFiles(form); })) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
})();
