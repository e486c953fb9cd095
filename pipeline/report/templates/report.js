(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  var kept = null;
  try { kept = localStorage.getItem("wireledger-theme"); } catch (e) { /* no storage for this file */ }
  if (kept === "light" || kept === "dark") { root.dataset.theme = kept; }

  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  document.addEventListener("DOMContentLoaded", function () {
    var toggle = document.getElementById("theme");
    var say = function () { toggle.textContent = isDark() ? "Light" : "Dark"; };
    toggle.addEventListener("click", function () {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("wireledger-theme", root.dataset.theme); } catch (e) { /* stays for this view */ }
      say();
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", say);
    say();

    var box = document.getElementById("filter");
    var told = document.getElementById("filter-told");
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
    var sections = Array.prototype.slice.call(document.querySelectorAll("[data-filtered]"));
    var fold = function (text) { return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[‘’]/g, "'").toLowerCase(); };
    var texts = rows.map(function (row) { return fold(row.textContent.replace(/\s+/g, " ")); });

    var sift = function () {
      var words = fold(box.value).split(/\s+/).filter(Boolean);
      var shown = 0;
      rows.forEach(function (row, i) {
        row.hidden = !words.every(function (word) { return texts[i].indexOf(word) >= 0; });
        if (!row.hidden) { shown += 1; }
      });
      sections.forEach(function (section) {
        section.classList.toggle("none-left", !!words.length && !section.querySelector("[data-row]:not([hidden])"));
      });
      told.textContent = words.length ? shown + " of " + rows.length + " entries" : "";
    };
    box.addEventListener("input", sift);
    document.addEventListener("keydown", function (event) {
      var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); box.focus(); }
      if (event.key === "Escape" && event.target === box) { box.value = ""; sift(); box.blur(); }
    });
  });
})();
