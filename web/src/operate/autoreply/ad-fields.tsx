import { useT, useWord } from '@/kernel/i18n'
import { Select } from '@/kernel/ui'
import { Field } from './field'

/** What platforms tell of an ad: Douyin's ad_info, Meta's and WhatsApp's referral, TikTok's and WeChat's own. */
const USUAL = ['ad_id', 'ad_name', 'campaign_id', 'creative_id', 'advertiser_id', 'source_id', 'ref']

interface AdFieldsProps {
  fields: Record<string, string[]>
  onChange: (fields: Record<string, string[]>) => void
}

/** Which ads a welcome is for: one of these fields has one of these values; none: any ad. */
export const AdFields = ({ fields, onChange }: AdFieldsProps) => {
  const t = useT()
  const word = useWord()
  const names = Object.keys(fields)
  const options = [...new Set([...USUAL, ...names])].map((value) => ({
    value,
    label: word('operate.autoreply.adField', value),
  }))
  const choose = (chosen: string[]) =>
    onChange(Object.fromEntries(chosen.map((name) => [name, fields[name] ?? []])))
  return (
    <>
      <Field label={t('operate.autoreply.adFields')}>
        <Select
          mode="tags"
          value={names}
          options={options}
          placeholder={t('operate.autoreply.anyAd')}
          onChange={choose}
        />
      </Field>
      {names.map((name) => (
        <Field key={name} label={word('operate.autoreply.adField', name)}>
          <Select
            mode="tags"
            open={false}
            tokenSeparators={[',', '，', ' ']}
            value={fields[name] ?? []}
            onChange={(values: string[]) => onChange({ ...fields, [name]: values })}
          />
        </Field>
      ))}
    </>
  )
}
