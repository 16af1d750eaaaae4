/* Fanwheel web chat. Add to any page:
   <script src="https://YOUR-FANWHEEL/chat/widget.js" data-key="ACCOUNT KEY" async></script>
   Optional: data-language="en|zh", data-anonymous-id="the visitor's id in your analytics". */
(() => {
  'use strict'
  const script = document.currentScript
  const key = script && script.dataset.key
  if (!key || window.fanwheelChat) return
  const base = new URL(script.src).origin + '/chat/' + encodeURIComponent(key)
  const chinese = (script.dataset.language || document.documentElement.lang || navigator.language || '')
    .toLowerCase()
    .startsWith('zh')
  const words = chinese
    ? {
        open: '打开聊天', close: '关闭聊天', write: '输入消息…', send: '发送', typing: '对方正在输入…',
        failed: '未发送，点击重试', hello: '您好，有什么可以帮您？', closed: '我们暂时不在线。',
        back: '预计回复时间：', leave: '留下邮箱，我们会尽快回复您：', email: '邮箱',
        agree: '我同意用这个邮箱接收对本次咨询的回复', done: '已收到，我们会给您发邮件。', leaveSend: '提交',
        wrong: '请检查邮箱地址', messages: '消息', attach: '发送图片或 PDF', drop: '松开即可发送',
        badFile: '“{}”无法发送：仅支持图片（PNG、JPEG、GIF、WebP）和 PDF。',
        bigFile: '“{}”太大：图片不超过 5 MB，PDF 不超过 7 MB。', manyFiles: '发送的文件过多，请稍后再试。',
      }
    : {
        open: 'Open chat', close: 'Close chat', write: 'Write a message…', send: 'Send', typing: 'Typing…',
        failed: 'Not sent. Tap to try again', hello: 'Hello! How can we help?', closed: 'We are away right now.',
        back: 'We are back: ', leave: 'Leave your e-mail and we will answer you there:', email: 'E-mail',
        agree: 'You may answer my question at this address', done: 'Thank you. We will write to you.',
        leaveSend: 'Leave it', wrong: 'Please check the address', messages: 'Messages',
        attach: 'Send a picture or a PDF', drop: 'Let go to send it',
        badFile: '“{}” cannot be sent: only pictures (PNG, JPEG, GIF, WebP) and PDF.',
        bigFile: '“{}” is too large: pictures up to 5 MB, PDF up to 7 MB.',
        manyFiles: 'Too many files. Please try again later.',
      }
  const store = 'fanwheel-chat-' + key
  const keep = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(store + name)
      localStorage.setItem(store + name, value)
    } catch { /* private windows: the chat lives as long as the page */ }
    return value
  }
  let token = keep('') || ''
  let last = 0
  let seen = Number(keep('-seen')) || 0
  let isOpen = false
  let setup = null
  let polling = 0
  let lastTyping = 0

  const ask = async (path, body, isFile) => {
    const headers = { ...(token && { authorization: 'Bearer ' + token }) }
    if (body) headers['content-type'] = isFile ? 'application/octet-stream' : 'application/json'
    const answer = await fetch(base + path, {
      method: body ? 'POST' : 'GET', headers, body: isFile ? body : body && JSON.stringify(body), credentials: 'omit',
    })
    if (!answer.ok) throw Object.assign(new Error(), { status: answer.status })
    return isFile && !body ? answer.blob() : answer.json()
  }
  const make = (tag, values, ...inside) => {
    const node = document.createElement(tag)
    for (const [name, value] of Object.entries(values || {})) {
      if (name === 'text') node.textContent = value
      else if (name.startsWith('on')) node.addEventListener(name.slice(2), value)
      else if (value !== false && value != null) node.setAttribute(name, value === true ? '' : value)
    }
    node.append(...inside)
    return node
  }
  const icon = (path) => {
    const space = 'http://www.w3.org/2000/svg'
    const svg = document.createElementNS(space, 'svg')
    const line = document.createElementNS(space, 'path')
    svg.setAttribute('viewBox', '0 0 24 24')
    svg.setAttribute('aria-hidden', 'true')
    line.setAttribute('d', path)
    svg.append(line)
    return svg
  }
  const BUBBLE = 'M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z'
  const CROSS = 'M6 6l12 12M18 6L6 18'
  const TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'application/pdf']
  const MB = 1024 * 1024
  const CLIP = 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.3 8.2a1.7 1.7 0 0 1-2.4-2.4L14.5 7'

  const host = make('div', { id: 'fanwheel-chat' })
  const root = host.attachShadow({ mode: 'open' })
  // A sheet made by script needs no exception from the page's content policy.
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`
    :host { all: initial; position: fixed; inset-inline-end: 20px; inset-block-end: 20px; z-index: 2147483000;
      --brand: #1f6feb; --on-brand: #fff; font: 15px/1.45 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
    * { box-sizing: border-box; font: inherit; }
    button { cursor: pointer; border: 0; background: none; color: inherit; padding: 0; }
    :focus-visible { outline: 3px solid color-mix(in srgb, var(--brand) 60%, #000); outline-offset: 2px; }
    .button { width: 56px; height: 56px; border-radius: 50%; background: var(--brand); color: var(--on-brand);
      box-shadow: 0 4px 16px #0004; display: grid; place-items: center; position: relative; margin-inline-start: auto; }
    svg { width: 26px; height: 26px; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round;
      stroke-linejoin: round; }
    .dot { position: absolute; top: 0; right: 0; width: 14px; height: 14px; border-radius: 50%; background: #d1242f;
      border: 2px solid #fff; }
    .panel { width: min(370px, calc(100vw - 40px)); height: min(560px, calc(100vh - 120px)); background: #fff;
      color: #1f2328; border-radius: 14px; box-shadow: 0 8px 40px #0003; display: flex; flex-direction: column;
      overflow: hidden; margin-block-end: 14px; position: relative; }
    [hidden] { display: none !important; }
    header { background: var(--brand); color: var(--on-brand); padding: 14px 16px; display: flex; align-items: center;
      gap: 8px; font-weight: 600; }
    header span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .list { flex: 1; overflow-y: auto; padding: 14px; display: flex; flex-direction: column; gap: 8px;
      overscroll-behavior: contain; }
    .line { max-width: 82%; padding: 8px 12px; border-radius: 14px; background: #eff1f3; white-space: pre-wrap;
      overflow-wrap: anywhere; align-self: flex-start; }
    .line.mine { background: var(--brand); color: var(--on-brand); align-self: flex-end; }
    .line.waits { opacity: .65; } .line.failed { background: #ffebe9; color: #a40e26; cursor: pointer; }
    .clip { width: 40px; height: 40px; display: grid; place-items: center; color: #59636e; border-radius: 10px; }
    .clip svg { width: 22px; height: 22px; }
    .drop { position: absolute; inset: 8px; display: grid; place-items: center; border: 2px dashed var(--brand);
      border-radius: 10px; background: #fffe; font-weight: 600; pointer-events: none; }
    .file { text-decoration: underline; text-align: start; overflow-wrap: anywhere; }
    .line img { max-width: 100%; border-radius: 8px; display: block; }
    .line a { color: inherit; } .line b { font-weight: 600; display: block; }
    .choices { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
    .choices button { border: 1px solid currentColor; border-radius: 14px; padding: 2px 12px; min-height: 32px; }
    .typing, .away { color: #59636e; font-size: 13px; padding: 0 14px 6px; }
    form { border-top: 1px solid #d1d9e0; display: flex; gap: 8px; padding: 10px; align-items: end; }
    textarea, input[type=email] { flex: 1; border: 1px solid #8c959f; border-radius: 10px; padding: 8px 10px;
      resize: none; background: #fff; color: inherit; font-size: 16px; min-width: 0; }
    .go { background: var(--brand); color: var(--on-brand); border-radius: 10px; padding: 8px 14px; min-height: 40px; }
    .leave { flex-direction: column; align-items: stretch; font-size: 14px; }
    .leave label { display: flex; gap: 8px; align-items: start; } .wrong { color: #a40e26; } p.wrong { margin: 0; padding: 6px 14px; }
    @media (max-width: 480px) { .panel { position: fixed; inset: 0; width: 100vw; height: 100dvh; border-radius: 0;
      margin: 0; } }
    @media (prefers-reduced-motion: no-preference) { .panel { animation: rise .16s ease-out; }
      @keyframes rise { from { opacity: 0; transform: translateY(8px); } } }`)
  root.adoptedStyleSheets = [sheet]

  const dot = make('span', { class: 'dot', hidden: true })
  const button = make('button', { class: 'button', type: 'button', 'aria-label': words.open, 'aria-expanded': 'false',
    onclick: () => toggle() }, icon(BUBBLE), dot)
  const title = make('span', {})
  const list = make('div', { class: 'list', role: 'log', 'aria-live': 'polite', 'aria-label': words.messages, tabindex: '0' })
  const typing = make('div', { class: 'typing', hidden: true, text: words.typing })
  const input = make('textarea', { rows: '1', 'aria-label': words.write, placeholder: words.write, maxlength: '4000',
    onkeydown: (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault()
        send()
      }
    },
    oninput: () => {
      if (token && Date.now() - lastTyping > 4000) {
        lastTyping = Date.now()
        ask('/typing', {}).catch(() => {})
      }
    },
    onpaste: (event) => {
      if (!event.clipboardData.files.length) return
      event.preventDefault()
      sendFiles(event.clipboardData.files)
    } })
  const chooser = make('input', { type: 'file', hidden: true, multiple: true, accept: TYPES.join(), tabindex: '-1',
    onchange: () => { sendFiles(chooser.files); chooser.value = '' } })
  const clip = make('button', { class: 'clip', type: 'button', hidden: true, title: words.attach,
    'aria-label': words.attach, onclick: () => chooser.click() }, icon(CLIP))
  const refused = make('p', { class: 'wrong', role: 'alert', hidden: true })
  const drop = make('div', { class: 'drop', hidden: true, text: words.drop })
  const composer = make('form', { onsubmit: (event) => { event.preventDefault(); send() } },
    chooser, clip, input, make('button', { class: 'go', type: 'submit', text: words.send }))
  const email = make('input', { type: 'email', required: true, 'aria-label': words.email, placeholder: words.email,
    autocomplete: 'email' })
  const agree = make('input', { type: 'checkbox', required: true })
  const wrong = make('div', { class: 'wrong', role: 'alert', hidden: true, text: words.wrong })
  const leave = make('form', { class: 'leave', hidden: true, onsubmit: (event) => { event.preventDefault(); leaveEmail() } },
    make('div', { text: words.leave }), email, make('label', {}, agree, make('span', { text: words.agree })), wrong,
    make('button', { class: 'go', type: 'submit', text: words.leaveSend }))
  const panel = make('section', { class: 'panel', role: 'dialog', 'aria-label': words.open, hidden: true,
    onkeydown: (event) => { if (event.key === 'Escape') toggle(false) },
    ondragover: (event) => {
      if (!setup.takes_files || !event.dataTransfer.types.includes('Files')) return
      event.preventDefault()
      drop.hidden = false
    },
    ondragleave: (event) => { if (!panel.contains(event.relatedTarget)) drop.hidden = true },
    ondrop: (event) => {
      drop.hidden = true
      if (!event.dataTransfer.files.length) return
      event.preventDefault()
      sendFiles(event.dataTransfer.files)
    } },
    make('header', {}, title, make('button', { type: 'button', 'aria-label': words.close, onclick: () => toggle(false) },
      icon(CROSS))), list, typing, leave, refused, composer, drop)
  root.append(panel, button)

  const link = (address, inside) => {
    const safe = /^https?:/i.test(address) ? address : '#'
    return make('a', { href: safe, target: '_blank', rel: 'noopener noreferrer' }, inside)
  }
  // A page's own policy may forbid pictures from elsewhere: then the name stands there, to be opened.
  const picture = (src, alt, other) => {
    const image = make('img', { src, alt, onerror: () => image.replaceWith(other), onload: () => { stay() } })
    return image
  }
  const saved = (blob, name) => {
    const url = URL.createObjectURL(blob)
    return blob.type.startsWith('image/') ? picture(url, name, make('a', { class: 'file', href: url, download: name, text: name }))
      : make('a', { class: 'file', href: url, download: name, text: name })
  }
  // What the visitor sent stands behind the visitor's secret, so no address leads there.
  const fetched = ({ kind, media_id: id, name }) => {
    const get = async () => {
      const file = saved(await ask('/files/' + Number(id), null, true), name)
      button.replaceWith(file)
      return file
    }
    const button = make('button', { class: 'file', type: 'button', text: name,
      onclick: () => get().then((file) => file.click(), () => {}) })
    if (kind === 'image') get().catch(() => {})
    return button
  }
  const draw = (part) => {
    if (part.type === 'media' && !part.url && part.media_id) return fetched(part)
    if (part.type === 'media' && part.kind === 'image' && part.url)
      return picture(part.url, part.text || part.name || '', link(part.url, part.name || part.url))
    if (part.type === 'media') return part.url ? link(part.url, part.name || part.url) : make('span', { text: part.text || part.name })
    if (part.type === 'card') {
      const inside = [make('b', { text: part.title })]
      if (part.image_url) inside.unshift(make('img', { src: part.image_url, alt: '' }))
      if (part.text) inside.push(make('span', { text: part.text }))
      const card = make('div', {}, ...inside)
      return part.url ? link(part.url, card) : card
    }
    if (part.type === 'choices') {
      const choices = (part.options || []).map((option) => option.action === 'url' ? link(option.value, option.label)
        : make('button', { type: 'button', text: option.label, onclick: () => write(option.label) }))
      return make('div', {}, make('span', { text: part.text }), make('div', { class: 'choices' }, ...choices))
    }
    return make('span', { text: part.text || '' })
  }
  let isAtEnd = true
  const stay = () => { if (isAtEnd) list.scrollTop = list.scrollHeight }
  list.addEventListener('scroll', () => { isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80 })
  const add = (className, ...inside) => {
    const line = make('div', { class: 'line ' + className }, ...inside)
    if (className.includes('mine')) isAtEnd = true
    list.append(line)
    stay()
    return line
  }

  const pending = new Map() // keys of messages that are on their way -> their lines
  const take = (told) => {
    for (const message of told.items) {
      if (message.id <= last) continue
      last = message.id
      const waiting = message.is_mine && pending.get(message.key)
      if (waiting) {
        waiting.className = 'line mine'
        pending.delete(message.key)
        continue
      }
      add(message.is_mine ? 'mine' : '', ...message.parts.map(draw))
      if (!message.is_mine && last > seen && !isOpen) dot.hidden = false
    }
    typing.hidden = !told.is_agent_typing
    if (isOpen && last > seen) keep('-seen', String((seen = last)))
  }
  const poll = async () => {
    const turn = ++polling
    let rest = 1000
    while (turn === polling && token) {
      try {
        const wait = document.hidden ? 0 : isOpen ? 25 : 20
        take(await ask('/messages?after=' + last + '&wait=' + wait))
        rest = document.hidden ? 30000 : 300
      } catch (error) {
        if (error.status === 401) {
          token = ''
          keep('', '')
          return
        }
        rest = Math.min(rest * 2, 30000)
      }
      await new Promise((go) => setTimeout(go, rest))
    }
  }
  const begin = async () => {
    if (token) return
    const told = await ask('/visitors', { anonymous_id: script.dataset.anonymousId || null, language: chinese ? 'zh' : 'en' })
    token = keep('', told.token)
    poll()
  }
  // Shows a line until it is there; where it fails, a tap tries again under the same key.
  const deliver = async (hand, inside, again) => {
    const key = again || (crypto.randomUUID ? crypto.randomUUID() : Date.now() + Math.random().toString(36).slice(2))
    const line = add('mine waits', inside)
    pending.set(key, line)
    try {
      await begin()
      await hand(key)
    } catch (error) {
      pending.delete(key)
      if (hand.refuse && hand.refuse(error.status)) return line.remove()
      line.className = 'line mine failed'
      const note = make('div', { text: words.failed })
      line.append(note)
      line.addEventListener('click', () => { line.remove(); note.remove(); deliver(hand, inside, key) }, { once: true })
    }
  }
  const page = () => location.href.slice(0, 1000)
  const write = (text) => deliver((key) => ask('/messages', { key, text, page: page() }), make('span', { text }))
  const refuse = (text, name) => {
    refused.textContent = text.replace('{}', name)
    refused.hidden = false
    return true
  }
  // A photo that is too large for us is made smaller, as phones take them larger every year.
  const shrink = async (file) => {
    if (file.size <= 5 * MB || !/^image\/(png|jpeg|webp)$/.test(file.type)) return file
    try {
      const whole = await createImageBitmap(file)
      const scale = Math.min(1, 2560 / Math.max(whole.width, whole.height))
      const canvas = make('canvas', { width: Math.round(whole.width * scale), height: Math.round(whole.height * scale) })
      canvas.getContext('2d').drawImage(whole, 0, 0, canvas.width, canvas.height)
      return (await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85))) || file
    } catch {
      return file
    }
  }
  const sendFiles = async (chosen) => {
    if (!setup.takes_files) return
    refused.hidden = true
    for (const file of [...chosen].slice(0, 5)) {
      const name = file.name.slice(-100) || 'file'
      if (!TYPES.includes(file.type)) { refuse(words.badFile, name); continue }
      const fit = await shrink(file)
      if (fit.size > (fit.type.startsWith('image/') ? 5 : 7) * MB) { refuse(words.bigFile, name); continue }
      const hand = (key) => {
        const asked = new URLSearchParams({ message: key, name, page: page() })
        return ask('/files?' + asked, fit, true)
      }
      hand.refuse = (status) => status === 413 ? refuse(words.bigFile, name) : status === 422 ? refuse(words.badFile, name)
        : status === 429 && refuse(words.manyFiles, name)
      await deliver(hand, saved(fit, name))
    }
  }
  const send = () => {
    const text = input.value.trim()
    if (!text) return
    input.value = ''
    write(text)
  }
  const leaveEmail = async () => {
    wrong.hidden = true
    try {
      await begin()
      await ask('/address', { email: email.value, has_agreed: agree.checked })
      leave.hidden = true
      add('', make('span', { text: words.done }))
    } catch {
      wrong.hidden = false
    }
  }
  const greet = () => {
    add('', make('span', { text: setup.greeting || words.hello }))
    if (setup.is_open) return
    const back = setup.opens_at ? ' ' + words.back + new Date(setup.opens_at).toLocaleString(chinese ? 'zh-CN' : 'en') : ''
    add('', make('span', { text: words.closed + back }))
    leave.hidden = false
  }
  const toggle = (wanted = !isOpen) => {
    isOpen = wanted
    panel.hidden = !isOpen
    button.setAttribute('aria-expanded', String(isOpen))
    button.setAttribute('aria-label', isOpen ? words.close : words.open)
    if (isOpen) {
      dot.hidden = true
      keep('-seen', String((seen = last)))
      list.scrollTop = list.scrollHeight
      input.focus()
    } else button.focus()
  }
  window.fanwheelChat = { open: () => toggle(true), close: () => toggle(false) }

  // White or black on the brand's color, whichever reads better.
  const readable = (color) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(color.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000' : '#fff'
  }
  const start = async () => {
    try {
      setup = await ask('')
    } catch {
      return // no chat here, and no broken window either
    }
    host.style.setProperty('--brand', setup.color)
    host.style.setProperty('--on-brand', readable(setup.color))
    title.textContent = setup.title
    clip.hidden = !setup.takes_files
    panel.setAttribute('aria-label', setup.title)
    document.body.append(host)
    greet()
    poll()
  }
  if (document.body) start()
  else document.addEventListener('DOMContentLoaded', start)
})()
