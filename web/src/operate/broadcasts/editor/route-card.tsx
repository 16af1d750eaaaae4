import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useT, useWord } from '@/kernel/i18n'
import { Button, Select } from '@/kernel/ui'
import { CloseIcon, DownIcon, UpIcon, ViewIcon } from '@/kernel/ui/icons'
import styles from '../broadcasts.module.css'
import { accountsQuery, templatesQuery } from '../queries'
import type { Route } from '../types'
import { Field } from './field'

const useTemplates = (channel: string) => {
  const t = useT()
  const { data } = useQuery(templatesQuery)
  const items = (data?.items ?? []).filter((each) => each.channel === channel && each.published_id !== null)
  const options = items.map(({ template_id: value, name, variants }) => ({
    value,
    label: variants > 1 ? `${name} · ${t('operate.broadcasts.edit.variants', { count: variants })}` : name,
  }))
  return { options, isMissing: data !== undefined && channel !== '' && options.length === 0 }
}

interface RouteCardProps {
  route: Route
  place: number
  count: number
  onChange: (route: Route) => void
  onMove: (to: number) => void
  onRemove: () => void
  onPreview: (templateId: number) => void
}

const Tools = ({ place, count, onMove, onRemove }: RouteCardProps) => {
  const t = useT()
  const number = place + 1
  return (
    <>
      <Button
        type="text"
        size="small"
        icon={<UpIcon />}
        disabled={place === 0}
        aria-label={t('operate.broadcasts.edit.up', { number })}
        onClick={() => onMove(place - 1)}
      />
      <Button
        type="text"
        size="small"
        icon={<DownIcon />}
        disabled={place === count - 1}
        aria-label={t('operate.broadcasts.edit.down', { number })}
        onClick={() => onMove(place + 1)}
      />
      <Button
        type="text"
        size="small"
        icon={<CloseIcon />}
        aria-label={t('operate.broadcasts.edit.removeWay', { number })}
        onClick={onRemove}
      />
    </>
  )
}

/** One way: through which account, and what it says. */
export const RouteCard = (props: RouteCardProps) => {
  const { route, place, count, onChange, onPreview } = props
  const t = useT()
  const word = useWord()
  const accounts = useQuery(accountsQuery)
  const templates = useTemplates(route.channel)
  const channel = word('operate.broadcasts.channels', route.channel)
  const choose = (accountId: number) => {
    const account = accounts.data?.items.find(({ account_id: id }) => id === accountId)
    if (!account) return
    const isSame = account.channel === route.channel
    onChange({
      channel: account.channel,
      account_id: accountId,
      template_id: isSame ? route.template_id : null,
    })
  }
  const templateId = route.template_id
  return (
    <li className={styles.way}>
      <div className={styles.wayHead}>
        <span className={styles.grow}>
          {t(place === 0 ? 'operate.broadcasts.edit.wayFirst' : 'operate.broadcasts.edit.wayElse')} {channel}
        </span>
        {count > 1 ? <Tools {...props} /> : null}
      </div>
      <div className={styles.pair}>
        <Field label={t('operate.broadcasts.edit.account')}>
          <Select
            value={route.account_id ?? undefined}
            placeholder={t('operate.broadcasts.edit.chooseAccount')}
            options={accounts.data?.items.map((account) => ({
              value: account.account_id,
              label: `${word('operate.broadcasts.channels', account.channel)} · ${account.name}`,
            }))}
            onChange={choose}
          />
        </Field>
        <Field
          label={t('operate.broadcasts.edit.template')}
          hint={
            templates.isMissing ? (
              <>
                {t('operate.broadcasts.edit.noTemplates', { channel })}{' '}
                <Link to="/templates">{t('operate.broadcasts.edit.toTemplates')}</Link>
              </>
            ) : null
          }
        >
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            value={templateId ?? undefined}
            disabled={route.channel === ''}
            placeholder={t('operate.broadcasts.edit.chooseTemplate')}
            options={templates.options}
            onChange={(id) => onChange({ ...route, template_id: id })}
          />
        </Field>
      </div>
      {templateId ? (
        <div>
          <Button size="small" icon={<ViewIcon />} onClick={() => onPreview(templateId)}>
            {t('operate.broadcasts.edit.preview')}
          </Button>
        </div>
      ) : null}
    </li>
  )
}
