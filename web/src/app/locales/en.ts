import bulk from '@/cdp/bulk/locales/en.json'
import consent from '@/cdp/consent/locales/en.json'
import ingest from '@/cdp/ingest/locales/en.json'
import lists from '@/cdp/lists/locales/en.json'
import people from '@/cdp/people/locales/en.json'
import segments from '@/cdp/segments/locales/en.json'
import sources from '@/cdp/sources/locales/en.json'
import tags from '@/cdp/tags/locales/en.json'
import traits from '@/cdp/traits/locales/en.json'
import channels from '@/domains/channels/locales/en.json'
import access from '@/infra/access/locales/en.json'
import retention from '@/infra/retention/locales/en.json'
import webhooks from '@/infra/webhooks/locales/en.json'
import kernel from '@/kernel/i18n/locales/en.json'
import cockpit from '@/measure/cockpit/locales/en.json'
import experiments from '@/measure/experiments/locales/en.json'
import reports from '@/measure/reports/locales/en.json'
import verdict from '@/measure/verdict/locales/en.json'
import autoreply from '@/operate/autoreply/locales/en.json'
import broadcasts from '@/operate/broadcasts/locales/en.json'
import content from '@/operate/content/locales/en.json'
import inbox from '@/operate/inbox/locales/en.json'
import links from '@/operate/links/locales/en.json'
import menus from '@/operate/menus/locales/en.json'
import reach from '@/operate/reach/locales/en.json'
import shell from './shell.en.json'

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
