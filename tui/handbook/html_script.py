"""The script of the handbook: the language, the framework, copying code, and the search. It asks nothing of any network."""

from __future__ import annotations

__all__ = ["EARLY", "LATE"]

EARLY = """
(function () {
  var root = document.documentElement, kept = null;
  try { kept = localStorage.getItem('lossclinic-lang'); } catch (_) {}
  var asked = /[?&]lang=(en|zh)/.exec(location.search);
  var lang = asked ? asked[1] : kept || (/^zh/i.test(navigator.language || '') ? 'zh' : 'en');
  root.className = 'js';
  root.dataset.lang = lang;
  root.lang = lang === 'zh' ? 'zh-CN' : 'en';
})();
"""
"""Runs in the head, before anything is drawn, so that the page never flashes in the wrong language."""

LATE = r"""
(function () {
  'use strict';
  var root = document.documentElement;
  function keep(key, value) { try { localStorage.setItem('lossclinic-' + key, value); } catch (_) {} }
  function kept(key) { try { return localStorage.getItem('lossclinic-' + key); } catch (_) { return null; } }
  function all(selector, inside) { return Array.prototype.slice.call((inside || document).querySelectorAll(selector)); }
  function lang() { return root.dataset.lang; }

  function speak(chosen) {
    var before = all('[data-l="' + lang() + '"] h2').filter(function (h) { return h.getBoundingClientRect().top < 120; }).length;
    root.dataset.lang = chosen;
    root.lang = chosen === 'zh' ? 'zh-CN' : 'en';
    keep('lang', chosen);
    document.title = root.dataset['title' + (chosen === 'zh' ? 'Zh' : 'En')];
    all('.tongue button').forEach(function (b) { b.setAttribute('aria-pressed', String(b.dataset.set === chosen)); });
    all('.find input').forEach(function (i) {
      i.placeholder = innerWidth < 640 ? i.dataset[chosen].split(/[:：]/)[0] : i.dataset[chosen];
      i.setAttribute('aria-label', i.dataset[chosen]);
    });
    all('.copy').forEach(function (b) { b.textContent = chosen === 'zh' ? '复制' : 'Copy'; });
    var headings = all('[data-l="' + chosen + '"] h2');
    if (before > 0 && headings[before - 1]) { headings[before - 1].scrollIntoView(); }
  }
  all('.tongue button').forEach(function (b) { b.addEventListener('click', function () { speak(b.dataset.set); }); });

  function pick(framework) {
    all('.tabbed').forEach(function (box) {
      var figures = all('figure', box);
      if (!figures.some(function (f) { return f.dataset.fw === framework; })) { return; }
      figures.forEach(function (f) { f.hidden = f.dataset.fw !== framework; });
      all('.tabs button', box).forEach(function (b) { b.setAttribute('aria-pressed', String(b.dataset.fw === framework)); });
    });
  }
  all('.code').forEach(function (box) {
    var figures = all('figure', box);
    if (figures.length > 1) {
      box.classList.add('tabbed');
      var tabs = document.createElement('div');
      tabs.className = 'tabs';
      figures.forEach(function (f, at) {
        var b = document.createElement('button');
        b.type = 'button';
        b.dataset.fw = f.dataset.fw;
        b.textContent = f.querySelector('figcaption').textContent;
        b.setAttribute('aria-pressed', String(at === 0));
        b.addEventListener('click', function () { keep('framework', f.dataset.fw); pick(f.dataset.fw); });
        tabs.appendChild(b);
        f.hidden = at > 0;
      });
      box.insertBefore(tabs, box.firstChild);
    }
    var copy = document.createElement('button');
    copy.type = 'button';
    copy.className = 'copy';
    copy.addEventListener('click', function () {
      var shown = figures.filter(function (f) { return !f.hidden; })[0];
      var text = shown.querySelector('code').textContent;
      function done() { copy.textContent = '\u2713'; setTimeout(function () { copy.textContent = lang() === 'zh' ? '复制' : 'Copy'; }, 1200); }
      if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done, function () {}); }
    });
    box.appendChild(copy);
  });
  if (kept('framework')) { pick(kept('framework')); }

  /* search */
  var input = document.querySelector('.find input'), list = document.querySelector('.found');
  var pages = null, known = null, waiting = false, at = -1;
  var SILENT = ' a an and are as at be by for from has have how i in is it my of on or that the this to was what when why with ';
  function plain(text) { return text.normalize('NFKC').toLowerCase().replace(/_/g, ' '); }
  function stem(word) {
    if (word.length > 5) { word = word.replace('isation', 'ization').replace('ise', 'ize'); }
    var ends = ['ing', 'es', 'ed', 's'];
    for (var i = 0; i < ends.length; i++) {
      if (word.endsWith(ends[i]) && word.length - ends[i].length >= 4 && !word.endsWith('ss')) { return word.slice(0, -ends[i].length); }
    }
    return word;
  }
  function words(text) {
    var out = [];
    (plain(text).match(/[a-z0-9]+(?:['.+-][a-z0-9]+)*|[\u3400-\u9fff\uf900-\ufaff]+/g) || []).forEach(function (word) {
      if (word[0] >= '\u3400') {
        if (word.length === 1) { out.push(word); }
        for (var i = 0; i + 1 < word.length; i++) { out.push(word.slice(i, i + 2)); }
      } else if (SILENT.indexOf(' ' + word + ' ') < 0) { out.push(stem(word)); }
    });
    return out;
  }
  function prepare(data) {
    known = Object.create(null);
    pages = data.pages.map(function (row) {
      var page = { kind: row[0], url: row[1], name: { en: row[2], zh: row[3] }, names: row[4].map(plain), text: { en: row[5], zh: row[6] } };
      page.count = Object.create(null);
      page.size = 0;
      words(row[4].join(' . ') + ' . ' + row[5] + ' . ' + row[6]).forEach(function (w) { page.count[w] = (page.count[w] || 0) + 1; page.size++; });
      Object.keys(page.count).forEach(function (w) { known[w] = (known[w] || 0) + 1; });
      return page;
    });
    pages.mean = pages.reduce(function (sum, p) { return sum + p.size; }, 0) / Math.max(1, pages.length);
    pages.kinds = data.kinds;
    pages.weight = data.weight;
  }
  function distance(a, b, most) {
    if (Math.abs(a.length - b.length) > most) { return most + 1; }
    var before = [], row = [], older = [];
    for (var j = 0; j <= b.length; j++) { row[j] = j; }
    for (var i = 1; i <= a.length; i++) {
      older = before; before = row; row = [i];
      for (j = 1; j <= b.length; j++) {
        row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) { row[j] = Math.min(row[j], older[j - 2] + 1); }
      }
    }
    return row[b.length];
  }
  function readAs(word) {
    if (known[word] || word.length < 3 || word[0] >= '\u3400') { return word; }
    var best = word, most = word.length < 8 ? 1 : 2, count = -1;
    Object.keys(known).forEach(function (other) {
      if (other.startsWith(word) && known[other] > count) { best = other; count = known[other]; }
    });
    if (count >= 0) { return best; }
    for (var near = 1; near <= most && best === word; near++) {
      Object.keys(known).forEach(function (other) {
        if (other.length <= 3 || other[0] >= '\u3400' || known[other] <= count) { return; }
        if (distance(word, other, near) <= near) { best = other; count = known[other]; }
      });
    }
    return best;
  }
  function score(page, bare, wanted, whole) {
    var best = 0, text = 0;
    page.names.forEach(function (name, place) {
      var like = 0, own;
      if (name === bare) { like = 200 - Math.min(place, 20); } else {
        own = words(name);
        var common = wanted.filter(function (w) { return own.indexOf(w.word) >= 0; }).length;
        if (common && common === wanted.length) { like = 90 + 60 * common / own.length; }
        if (name.indexOf(bare) >= 0) { like = Math.max(like, 90 + 60 * bare.length / name.length); }
        like -= 0.5 * Math.min(place, 20);
      }
      best = Math.max(best, like);
    });
    wanted.forEach(function (w) {
      var n = page.count[w.word] || 0;
      if (n) { text += w.worth * n / (n + 1.2 * (0.5 + 0.5 * page.size / pages.mean)); }
    });
    return Math.max(best, 90 * text / whole) * pages.weight[page.kind];
  }
  function search(query) {
    var bare = plain(query).trim().replace(/\s+/g, ' ');
    var wanted = words(query).filter(function (w, i, a) { return a.indexOf(w) === i; }).map(readAs).map(function (w) {
      return { word: w, worth: Math.log(1 + pages.length / (1 + (known[w] || 0))) };
    });
    if (!bare) { return []; }
    var whole = wanted.reduce(function (sum, w) { return sum + w.worth; }, 0) || 1;
    var han = bare.match(/[\u3400-\u9fff]{2,}/g) || [];
    var found = pages.map(function (page) { return { page: page, words: wanted, han: han, score: score(page, bare, wanted, whole) }; });
    found = found.filter(function (f) { return f.score > 0; }).sort(function (a, b) { return b.score - a.score; });
    return found.filter(function (f) { return f.score >= 0.2 * found[0].score; }).slice(0, 12);
  }
  function snippet(hit) {
    var best = '', most = 0;
    hit.page.text[lang()].split(/(?<=[.!?])\s+|(?<=[。！？])/).forEach(function (sentence) {
      var own = words(sentence), n = hit.words.filter(function (w) { return own.indexOf(w.word) >= 0; }).length;
      if (n > most) { best = sentence; most = n; }
    });
    return best.length > 150 ? best.slice(0, 147) + '\u2026' : best;
  }
  function marked(text, hit) {
    var span = document.createElement('small'), rest = text;
    var parts = hit.han.concat(hit.words.map(function (w) { return w.word; })).sort(function (a, b) { return b.length - a.length; });
    while (rest) {
      var first = -1, part = '';
      parts.forEach(function (p) {
        var i = rest.toLowerCase().indexOf(p);
        if (i >= 0 && (first < 0 || i < first)) { first = i; part = p; }
      });
      if (first < 0) { span.appendChild(document.createTextNode(rest)); break; }
      span.appendChild(document.createTextNode(rest.slice(0, first)));
      var m = document.createElement('mark');
      m.textContent = rest.slice(first, first + part.length);
      span.appendChild(m);
      rest = rest.slice(first + part.length);
    }
    return span;
  }
  function show() {
    at = -1;
    list.textContent = '';
    if (!pages || !input.value.trim()) { return; }
    var hits = search(input.value);
    hits.forEach(function (hit) {
      var li = document.createElement('li'), a = document.createElement('a'), b = document.createElement('b'), kind = document.createElement('span');
      a.href = root.dataset.base + hit.page.url;
      b.textContent = hit.page.name[lang()];
      kind.className = 'kind';
      kind.textContent = pages.kinds[hit.page.kind][lang()];
      a.appendChild(kind);
      a.appendChild(b);
      var text = snippet(hit);
      if (text) { a.appendChild(marked(text, hit)); }
      li.setAttribute('role', 'option');
      li.appendChild(a);
      list.appendChild(li);
    });
    if (!hits.length) {
      var none = document.createElement('li');
      none.className = 'none';
      none.textContent = lang() === 'zh' ? '没有找到' : 'Nothing found';
      list.appendChild(none);
    }
  }
  function fetchPages() {
    if (pages || waiting) { return; }
    waiting = true;
    window.lossclinicPages = function (data) { prepare(data); show(); };
    var script = document.createElement('script');
    script.src = root.dataset.base + 'search-data.js';
    document.head.appendChild(script);
  }
  function move(step) {
    var rows = all('[role="option"]', list);
    if (!rows.length) { return; }
    at = (at + step + rows.length) % rows.length;
    rows.forEach(function (row, i) { row.setAttribute('aria-selected', String(i === at)); });
    rows[at].scrollIntoView({ block: 'nearest' });
  }
  if (input) {
    input.addEventListener('focus', fetchPages);
    input.addEventListener('input', function () { fetchPages(); show(); });
    input.addEventListener('keydown', function (event) {
      if (event.key === 'ArrowDown') { move(1); event.preventDefault(); }
      if (event.key === 'ArrowUp') { move(-1); event.preventDefault(); }
      if (event.key === 'Escape') { input.value = ''; show(); input.blur(); }
      if (event.key === 'Enter') {
        var link = all('[role="option"] a', list)[Math.max(at, 0)];
        if (link) { location.href = link.href; }
      }
    });
    document.addEventListener('keydown', function (event) {
      if (event.key === '/' && !/input|textarea/i.test(document.activeElement.tagName)) { input.focus(); event.preventDefault(); }
    });
    document.addEventListener('click', function (event) { if (!event.target.closest('.find')) { list.textContent = ''; } });
    var asked = /[?&]q=([^&]+)/.exec(location.search);
    if (asked) { input.value = decodeURIComponent(asked[1].replace(/\+/g, ' ')); fetchPages(); }
  }
  speak(lang());
  if (location.hash.length > 1 && !document.getElementById(location.hash.slice(1))) {
    var target = document.getElementById(location.hash.slice(1) + '-' + lang());
    if (target) { target.scrollIntoView(); target.classList.add('here'); }
  }
})();
"""
"""Runs at the end of the body."""
