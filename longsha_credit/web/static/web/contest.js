/* Answers are sent at once and kept in this browser until the server says that it has them. Syntax of 2017. */
(function () {
  "use strict";

  var sitting = document.querySelector("[data-sitting]");
  if (!sitting) { return; }
  var form = sitting.querySelector("form[data-answer]");
  var handIn = sitting.querySelector("form[data-hand-in]");
  var said = sitting.querySelector("[data-said]");
  var KEY = "answers:" + sitting.dataset.sitting;
  var AGAIN = 3000;
  var memory = {};
  var sending = {};
  var timer = null;

  /* What the server does not have yet: by question its address, its letters, the version known, whether it failed. */
  function read() {
    try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch (e) { return memory; }
  }

  function write(waiting) {
    memory = waiting;
    try {
      if (Object.keys(waiting).length) { localStorage.setItem(KEY, JSON.stringify(waiting)); } else { localStorage.removeItem(KEY); }
    } catch (e) { /* switched off by policy: the answers wait in this page */ }
  }

  function say(text) { if (said) { said.textContent = text; } }

  function mark(number, text) {
    var place = sitting.querySelector('[data-of="' + number + '"]');
    if (place) { place.textContent = text; }
  }

  function letters() {
    return Array.from(form.querySelectorAll("input[name=choice]:checked")).map(function (box) { return box.value; });
  }

  function here() { return form ? form.dataset.answer : ""; }

  function keep() {
    var waiting = read();
    waiting[here()] = { url: form.action || location.href, choice: letters(), seen: form.dataset.version, failed: false, turn: Date.now() };
    write(waiting);
  }

  function token() { return sitting.querySelector("[name=csrfmiddlewaretoken]").value; }

  function body(one) {
    var sent = new URLSearchParams();
    sent.append("csrfmiddlewaretoken", token());
    one.choice.forEach(function (letter) { sent.append("choice", letter); });
    if (one.failed) { sent.append("seen", one.seen); }
    return sent;
  }

  /* A later choice of the same question may have been made while this one was on its way: then it stays waiting. */
  function forget(number, one) {
    var waiting = read();
    if (waiting[number] && waiting[number].turn === one.turn) { delete waiting[number]; write(waiting); return true; }
    return false;
  }

  function later(number, text) {
    var waiting = read();
    if (waiting[number]) { waiting[number].failed = true; write(waiting); }
    if (number === here() || handIn) { say(text); }
    mark(number, "未保存");
    clearTimeout(timer);
    timer = setTimeout(flush, AGAIN);
  }

  var OFFLINE = "未保存：没有连上。答案留在这台设备里，连上以后自动再送，请不要关掉这一页。";

  function settle(number, one, answer) {
    if (answer.saved) {
      if (number === here()) { form.dataset.version = answer.version; }
      if (forget(number, one)) {
        mark(number, one.choice.length ? "已答" : "未答");
        if (number === here()) { say("已保存 " + answer.at); }
      }
      return true;
    }
    forget(number, one);
    mark(number, "未保存");
    if (number === here() || handIn) { say("未保存：" + answer.why); }
    return false;
  }

  /* Resolves to whether the server has it now. */
  function send(number) {
    var one = read()[number];
    if (!one) { return Promise.resolve(true); }
    if (sending[number]) { return sending[number].then(function () { return send(number); }); }
    if (number === here()) { say("正在保存……"); }
    sending[number] = fetch(one.url, {
      method: "POST", body: body(one), headers: { "X-Answer": "now" }, credentials: "same-origin", redirect: "manual"
    }).then(function (response) {
      var type = response.headers.get("Content-Type") || "";
      if (response.status < 500 && type.indexOf("json") > 0) {
        return response.json().then(function (answer) { return settle(number, one, answer); });
      }
      later(number, response.status < 500 && response.status !== 429 ?
        "未保存：登录或者页面过期了。答案留在这台设备里，请刷新这一页或者重新登录，会自动再送。" : OFFLINE);
      return false;
    }, function () { later(number, OFFLINE); return false; }).then(function (done) {
      delete sending[number];
      return done;
    });
    return sending[number];
  }

  function flush() {
    return Promise.all(Object.keys(read()).map(send)).then(function (all) {
      return all.every(Boolean) && !Object.keys(read()).length;
    });
  }

  function onwards(go) {
    var number = Number(here());
    var next = go === "back" ? number - 1 : number + 1;
    var link = sitting.querySelector('[data-of="' + next + '"]');
    location.assign(link ? link.closest("a").href : sitting.querySelector("a.button").href);
  }

  if (form) {
    var waitingHere = read()[here()];
    if (waitingHere) {
      form.querySelectorAll("input[name=choice]").forEach(function (box) {
        box.checked = waitingHere.choice.indexOf(box.value) >= 0;
      });
    }
    form.addEventListener("change", function () { keep(); send(here()); });
    var pressed = "next";
    form.addEventListener("click", function (event) {
      var button = event.target.closest("button");
      if (button) { pressed = button.value; }
    });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      event.stopPropagation();
      send(here()).then(function (done) { if (done) { onwards(pressed); } });
    });
  }

  if (handIn) {
    handIn.addEventListener("submit", function (event) {
      var open = Object.keys(read()).length;
      if (!open) { return; }
      event.preventDefault();
      event.stopPropagation();
      say("还有" + open + "题没有送到，正在再送……");
      flush().then(function (done) { if (done) { handIn.submit(); } });
    });
  }

  window.addEventListener("online", flush);
  flush();

  /* The time left, by the server's count of seconds; at its end the result is asked for. */
  var place = sitting.querySelector("[data-left]");
  if (place) {
    var until = Date.now() + Number(place.dataset.left) * 1000;
    var tick = function () {
      var left = Math.max(0, Math.round((until - Date.now()) / 1000));
      var minutes = Math.floor(left / 60);
      place.textContent = (minutes ? "还有" + minutes + "分" : "还有") + (left % 60) + "秒";
      if (left > 0) { setTimeout(tick, 1000); return; }
      place.textContent = "时间到";
      flush().then(function () { location.assign(sitting.dataset.mine); });
    };
    tick();
  }
})();
