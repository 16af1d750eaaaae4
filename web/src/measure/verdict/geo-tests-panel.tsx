import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, type GeoTest, unwrap, type VerdictRow } from '@/kernel/api'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Loaded, Panel, useConfirm } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { GeoTestForm } from './geo-test-form'
import styles from './geo-tests.module.css'
import { usePlaceNames } from './place-names'
import { geoTestsQuery, refreshGeoTests } from './queries'

/** End a test, or delete it. */
const Deeds = ({ test }: { test: GeoTest }) => {
  const t = useT()
  const confirm = useConfirm()
  const today = useFormats().today()
  const params = { path: { geo_test_id: test.geo_test_id } }
  const name = test.name || test.source
  const end = async () => {
    await unwrap(api.PATCH('/api/measure/geo-tests/{geo_test_id}', { params, body: { ended_on: today } }))
    await refreshGeoTests()
  }
  const remove = async () => {
    await unwrap(api.DELETE('/api/measure/geo-tests/{geo_test_id}', { params }))
    await refreshGeoTests()
  }
  return (
    <span className={styles.deeds}>
      {test.ended_on === null ? (
        <Button
          size="small"
          aria-label={`${t('measure.verdict.geo.end')}: ${name}`}
          onClick={() =>
            confirm({
              title: t('measure.verdict.geo.endTitle'),
              content: t('measure.verdict.geo.endText'),
              verb: t('measure.verdict.geo.end'),
              act: end,
            })
          }
        >
          {t('measure.verdict.geo.end')}
        </Button>
      ) : null}
      <Button
        size="small"
        aria-label={`${t('measure.verdict.geo.delete')}: ${name}`}
        onClick={() =>
          confirm({
            title: t('measure.verdict.geo.deleteTitle'),
            content: t('measure.verdict.geo.deleteText'),
            verb: t('measure.verdict.geo.delete'),
            isDangerous: true,
            act: remove,
          })
        }
      >
        {t('measure.verdict.geo.delete')}
      </Button>
    </span>
  )
}

/** What was off, where, and when. */
const Item = ({ test, canWrite }: { test: GeoTest; canWrite: boolean }) => {
  const t = useT()
  const format = useFormats()
  const first = format.day(test.started_on, { withYear: true })
  const placeNames = usePlaceNames()
  const { length } = test.regions
  return (
    <li className={styles.item}>
      <div className={styles.words}>
        {[test.name || test.source, test.campaign].filter(Boolean).join(' · ')}
        <span className={styles.days}>
          {test.ended_on === null
            ? t('measure.verdict.geo.runs', { first })
            : t('measure.verdict.geo.days', { first, last: format.day(test.ended_on, { withYear: true }) })}
        </span>
        <p className={styles.small}>
          {t('measure.verdict.geo.where', {
            count: length,
            shown: format.count(length),
            regions: placeNames(test.regions),
          })}
        </p>
        {test.note ? <p className={styles.small}>{test.note}</p> : null}
      </div>
      {canWrite ? <Deeds test={test} /> : null}
    </li>
  )
}

/** Sources that are off in some regions, to see what is missing there. */
export const GeoTestsPanel = ({ rows }: { rows: VerdictRow[] }) => {
  const t = useT()
  const query = useQuery(geoTestsQuery)
  const canWrite = useCan('measure:write')
  const [isAdding, setIsAdding] = useState(false)
  if (!canWrite && query.data?.items.length === 0) return null
  return (
    <Panel
      title={t('measure.verdict.geo.title')}
      note={t('measure.verdict.geo.note')}
      actions={
        canWrite ? (
          <Button icon={<PlusIcon />} onClick={() => setIsAdding(true)}>
            {t('measure.verdict.geo.add')}
          </Button>
        ) : null
      }
    >
      <Loaded query={query} height={60}>
        {({ items }) =>
          items.length === 0 ? (
            <p className={styles.small}>{t('measure.verdict.geo.lead')}</p>
          ) : (
            <ul className={styles.list}>
              {items.map((test) => (
                <Item key={test.geo_test_id} test={test} canWrite={canWrite} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {isAdding ? <GeoTestForm rows={rows} onClose={() => setIsAdding(false)} /> : null}
    </Panel>
  )
}
