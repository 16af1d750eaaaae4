import bulk from '@/cdp/bulk/locales/zh-CN.json'
import consent from '@/cdp/consent/locales/zh-CN.json'
import ingest from '@/cdp/ingest/locales/zh-CN.json'
import lists from '@/cdp/lists/locales/zh-CN.json'
import people from '@/cdp/people/locales/zh-CN.json'
import segments from '@/cdp/segments/locales/zh-CN.json'
import sources from '@/cdp/sources/locales/zh-CN.json'
import tags from '@/cdp/tags/locales/zh-CN.json'
import traits from '@/cdp/traits/locales/zh-CN.json'
import channels from '@/domains/channels/locales/zh-CN.json'
import access from '@/infra/access/locales/zh-CN.json'
import retention from '@/infra/retention/locales/zh-CN.json'
import webhooks from '@/infra/webhooks/locales/zh-CN.json'
import kernel from '@/kernel/i18n/locales/zh-CN.json'
import cockpit from '@/measure/cockpit/locales/zh-CN.json'
import experiments from '@/measure/experiments/locales/zh-CN.json'
import reports from '@/measure/reports/locales/zh-CN.json'
import verdict from '@/measure/verdict/locales/zh-CN.json'
import autoreply from '@/operate/autoreply/locales/zh-CN.json'
import broadcasts from '@/operate/broadcasts/locales/zh-CN.json'
import content from '@/operate/content/locales/zh-CN.json'
import inbox from '@/operate/inbox/locales/zh-CN.json'
import links from '@/operate/links/locales/zh-CN.json'
import menus from '@/operate/menus/locales/zh-CN.json'
import reach from '@/operate/reach/locales/zh-CN.json'
import shell from './shell.zh-CN.json'

/** Every slice's words; a key is the folder path of who says it. */
export default {
  app: { shell },
  channels,
  kernel,
  cdp: { bulk, consent, ingest, lists, people, segments, sources, tags, traits },
  infra: { access, retention, webhooks },
  operate: { autoreply, broadcasts, content, inbox, links, menus, reach },
  measure: { cockpit, experiments, reports, verdict },
}
