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
        wrong: '请检查邮箱地址', messages: '消息',
      }
    : {
        open: 'Open chat', close: 'Close chat', write: 'Write a message…', send: 'Send', typing: 'Typing…',
        failed: 'Not sent. Tap to try again', hello: 'Hello! How can we help?', closed: 'We are away right now.',
        back: 'We are back: ', leave: 'Leave your e-mail and we will answer you there:', email: 'E-mail',
        agree: 'You may answer my question at this address', done: 'Thank you. We will write to you.',
        leaveSend: 'Leave it', wrong: 'Please check the address', messages: 'Messages',
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

  const ask = async (path, body, more) => {
    const headers = { ...(token && { authorization: 'Bearer ' + token }) }
    if (body) headers['content-type'] = 'application/json'
    const answer = await fetch(base + path, {
      method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body), credentials: 'omit', ...more,
    })
    const told = answer.status === 204 ? null : await answer.json()
    if (!answer.ok) throw Object.assign(new Error(told.message), { status: answer.status })
    return told
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
      overflow: hidden; margin-block-end: 14px; }
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
    .leave label { display: flex; gap: 8px; align-items: start; } .wrong { color: #a40e26; }
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
    } })
  const composer = make('form', { onsubmit: (event) => { event.preventDefault(); send() } },
    input, make('button', { class: 'go', type: 'submit', text: words.send }))
  const email = make('input', { type: 'email', required: true, 'aria-label': words.email, placeholder: words.email,
    autocomplete: 'email' })
  const agree = make('input', { type: 'checkbox', required: true })
  const wrong = make('div', { class: 'wrong', role: 'alert', hidden: true, text: words.wrong })
  const leave = make('form', { class: 'leave', hidden: true, onsubmit: (event) => { event.preventDefault(); leaveEmail() } },
    make('div', { text: words.leave }), email, make('label', {}, agree, make('span', { text: words.agree })), wrong,
    make('button', { class: 'go', type: 'submit', text: words.leaveSend }))
  const panel = make('section', { class: 'panel', role: 'dialog', 'aria-label': words.open, hidden: true,
    onkeydown: (event) => { if (event.key === 'Escape') toggle(false) } },
    make('header', {}, title, make('button', { type: 'button', 'aria-label': words.close, onclick: () => toggle(false) },
      icon(CROSS))), list, typing, leave, composer)
  root.append(panel, button)

  const link = (address, inside) => {
    const safe = /^https?:/i.test(address) ? address : '#'
    return make('a', { href: safe, target: '_blank', rel: 'noopener noreferrer' }, inside)
  }
  const draw = (part) => {
    if (part.type === 'media' && part.kind === 'image' && part.url) return make('img', { src: part.url, alt: part.text || part.name || '' })
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
  const add = (className, ...inside) => {
    const line = make('div', { class: 'line ' + className }, ...inside)
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80
    list.append(line)
    if (isAtEnd || className.includes('mine')) list.scrollTop = list.scrollHeight
    return line
  }

  const pending = new Map() // text of messages that are on their way -> their lines
  const take = (told) => {
    for (const message of told.items) {
      if (message.id <= last) continue
      last = message.id
      const waiting = message.is_mine && pending.get(message.text)
      if (waiting && waiting.length) {
        waiting.shift().className = 'line mine'
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
  const write = async (text, again) => {
    const number = again || (crypto.randomUUID ? crypto.randomUUID() : String(Date.now()) + Math.random().toString(36).slice(2))
    const line = add('mine waits', make('span', { text }))
    const waiting = pending.get(text) || []
    pending.set(text, [...waiting, line])
    try {
      await begin()
      await ask('/messages', { key: number.replace(/[^\w-]/g, ''), text, page: location.href.slice(0, 1000) })
    } catch {
      pending.set(text, (pending.get(text) || []).filter((each) => each !== line))
      line.className = 'line mine failed'
      line.append(make('div', { text: words.failed }))
      line.addEventListener('click', () => { line.remove(); write(text, number) }, { once: true })
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
    panel.setAttribute('aria-label', setup.title)
    document.body.append(host)
    greet()
    poll()
  }
  if (document.body) start()
  else document.addEventListener('DOMContentLoaded', start)
})()
