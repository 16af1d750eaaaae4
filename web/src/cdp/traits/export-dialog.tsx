import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Button, Modal, Select } from '@/kernel/ui'
import { ExportIcon } from '@/kernel/ui/icons'
import { crowdsQuery, exportAddress } from './queries'
import styles from './traits.module.css'

const EVERYBODY = 'everybody'

/** Whose traits to save as a file. */
export const ExportDialog = ({ onClose }: { onClose: () => void }) => {
  const t = useT()
  const [whose, setWhose] = useState(EVERYBODY)
  const { data } = useQuery(crowdsQuery)
  const [kind, id] = whose.split(':')
  const crowd =
    kind === 'segment' ? { segment_id: Number(id) } : kind === 'list' ? { list_id: Number(id) } : {}
  const options = [
    { value: EVERYBODY, label: t('cdp.traits.export.everybody') },
    ...(data && data.segments.length > 0
      ? [
          {
            label: t('cdp.traits.export.segments'),
            options: data.segments.map(({ segment_id: each, name }) => ({
              value: `segment:${each}`,
              label: name,
            })),
          },
        ]
      : []),
    ...(data && data.lists.length > 0
      ? [
          {
            label: t('cdp.traits.export.lists'),
            options: data.lists.map(({ list_id: each, name }) => ({ value: `list:${each}`, label: name })),
          },
        ]
      : []),
  ]
  return (
    <Modal
      open
      title={t('cdp.traits.export.title')}
      onCancel={onClose}
      footer={[
        <Button key="cancel" onClick={onClose}>
          {t('kernel.ui.cancel')}
        </Button>,
        <Button
          key="save"
          type="primary"
          icon={<ExportIcon />}
          href={exportAddress(crowd)}
          download
          onClick={onClose}
        >
          {t('cdp.traits.export.verb')}
        </Button>,
      ]}
    >
      <p className={styles.muted}>{t('cdp.traits.export.text')}</p>
      <Select
        className={styles.whole}
        value={whose}
        aria-label={t('cdp.traits.export.whose')}
        showSearch={{ optionFilterProp: 'label' }}
        options={options}
        onChange={setWhose}
      />
    </Modal>
  )
}
