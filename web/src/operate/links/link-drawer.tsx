import { useQuery } from '@tanstack/react-query'
import { Link as To } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Copyable, DateTime, Drawer, download, Loaded, QRCode } from '@/kernel/ui'
import { EditIcon, ExportIcon } from '@/kernel/ui/icons'
import { LinkDialog } from './link-dialog'
import styles from './links.module.css'
import { linkQuery } from './queries'

const QR_SIDE = 176

/** The code as a file that prints sharply at any size. */
const Code = ({ text, name }: { text: string; name: string }) => {
  const t = useT()
  const place = useRef<HTMLDivElement>(null)
  const save = () => {
    const drawn = place.current?.querySelector('svg')
    if (!drawn) return
    const copy = drawn.cloneNode(true) as SVGElement
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
    download(new Blob([copy.outerHTML], { type: 'image/svg+xml' }), `${name}.svg`)
  }
  return (
    <div className={styles.code}>
      <div ref={place}>
        <QRCode
          value={text}
          type="svg"
          size={QR_SIDE}
          color="#000000"
          bgColor="#ffffff"
          errorLevel="M"
          aria-label={t('operate.links.qr')}
        />
      </div>
      <Button icon={<ExportIcon aria-hidden="true" />} onClick={save}>
        {t('operate.links.saveSvg')}
      </Button>
    </div>
  )
}

interface Day {
  day: string
  visits: number
  clean_visits: number
}

const Days = ({ days }: { days: Day[] }) => {
  const t = useT()
  const { count, locale } = useFormats()
  const most = Math.max(1, ...days.map(({ visits }) => visits))
  if (days.length === 0) return <p className={styles.hint}>{t('operate.links.noDays')}</p>
  const name = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: 'UTC' })
  return (
    <ul className={styles.days}>
      {days.map(({ day, visits, clean_visits: clean }) => (
        <li key={day}>
          <span>{name.format(new Date(`${day}T00:00:00Z`))}</span>
          <span className={styles.track}>
            <span className={styles.all} style={{ width: `${(visits / most) * 100}%` }} />
            <span className={styles.clean} style={{ width: `${(clean / most) * 100}%` }} />
          </span>
          <span className={styles.figure}>
            {t('operate.links.cleanOf', { clean: count(clean), all: count(visits) })}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** One link: its short address, its code to print, where it leads, and how often it was followed. */
export const LinkDrawer = ({ linkId, onClose }: { linkId: number; onClose: () => void }) => {
  const t = useT()
  const { count } = useFormats()
  const canWrite = useCan('content:write')
  const [isChanging, setIsChanging] = useState(false)
  const query = useQuery(linkQuery(linkId))
  const change =
    canWrite && query.data?.is_by_hand ? (
      <Button icon={<EditIcon aria-hidden="true" />} onClick={() => setIsChanging(true)}>
        {t('operate.links.edit')}
      </Button>
    ) : null
  return (
    <Drawer
      open
      size={480}
      title={query.data?.name || t('operate.links.one')}
      extra={change}
      onClose={onClose}
    >
      <Loaded query={query} height={320}>
        {(link) => (
          <div className={styles.stack}>
            <Copyable text={link.short_url} label={t('operate.links.short')} />
            <Code text={link.short_url} name={link.name || link.code} />
            <section>
              <h3 className={styles.heading}>{t('operate.links.leadsTo')}</h3>
              <p className={styles.target}>{link.leads_to}</p>
              <p className={styles.hint}>
                {link.template_id ? (
                  <To to="/templates/$templateId" params={{ templateId: String(link.template_id) }}>
                    {t('operate.links.inTemplate', { name: link.template })}
                  </To>
                ) : (
                  t(link.is_by_hand ? 'operate.links.byHand' : 'operate.links.inMessage')
                )}
                {' · '}
                <DateTime at={link.created_at} />
              </p>
            </section>
            <section>
              <h3 className={styles.heading}>{t('operate.links.month')}</h3>
              <p className={styles.hint}>
                {t('operate.links.totals', {
                  clean: count(link.clean_visits),
                  all: count(link.visits),
                  people: count(link.people),
                })}
              </p>
              <Days days={link.days} />
            </section>
          </div>
        )}
      </Loaded>
      {isChanging && query.data ? (
        <LinkDialog
          link={query.data}
          onSaved={() => setIsChanging(false)}
          onClose={() => setIsChanging(false)}
        />
      ) : null}
    </Drawer>
  )
}
