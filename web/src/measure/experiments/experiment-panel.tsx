import { useQuery } from '@tanstack/react-query'
import { useCan } from '@/kernel/auth'
import { useFormats } from '@/kernel/format'
import { useT } from '@/kernel/i18n'
import { Button, Loaded, Panel, useConfirm } from '@/kernel/ui'
import { ExportIcon } from '@/kernel/ui/icons'
import styles from './experiments.module.css'
import { FindingView, StateChip } from './finding-view'
import {
  deleteExperiment,
  type Experiment,
  endExperiment,
  experimentQuery,
  forgetExperiments,
} from './queries'

const DAY_MS = 86_400_000

const isOver = ({ ends_at: end, ended_at: ended }: Experiment) =>
  ended !== null || Date.parse(end) <= Date.now()

/** How far it is. */
const useProgress = (experiment: Experiment): string => {
  const t = useT()
  const format = useFormats()
  const { started_at: begin, ends_at: end, ended_at: ended, days } = experiment
  if (isOver(experiment)) {
    return t('measure.experiments.ran', {
      first: format.instant(begin, 'date'),
      last: format.instant(ended ?? end, 'date'),
    })
  }
  const day = Math.floor((Date.now() - Date.parse(begin)) / DAY_MS) + 1
  return t('measure.experiments.runs', { day: format.count(day), days: format.count(days) })
}

const Deeds = ({ experiment }: { experiment: Experiment }) => {
  const t = useT()
  const confirm = useConfirm()
  const { experiment_id: id, name } = experiment
  const act = (deed: (id: number) => Promise<unknown>) => async () => {
    await deed(id)
    await forgetExperiments()
  }
  return (
    <>
      {isOver(experiment) ? null : (
        <Button
          size="small"
          aria-label={`${t('measure.experiments.end')}: ${name}`}
          onClick={() =>
            confirm({
              title: t('measure.experiments.endTitle'),
              content: t('measure.experiments.endText'),
              verb: t('measure.experiments.end'),
              act: act(endExperiment),
            })
          }
        >
          {t('measure.experiments.end')}
        </Button>
      )}
      <Button
        size="small"
        aria-label={`${t('measure.experiments.delete')}: ${name}`}
        onClick={() =>
          confirm({
            title: t('measure.experiments.deleteTitle'),
            content: t('measure.experiments.deleteText'),
            verb: t('measure.experiments.delete'),
            isDangerous: true,
            act: act(deleteExperiment),
          })
        }
      >
        {t('measure.experiments.delete')}
      </Button>
    </>
  )
}

/** One experiment: whose people, how far, and what it shows. */
export const ExperimentPanel = ({ experiment }: { experiment: Experiment }) => {
  const t = useT()
  const query = useQuery(experimentQuery(experiment.experiment_id))
  const canWrite = useCan('measure:write')
  const canExport = useCan('people:read')
  const progress = useProgress(experiment)
  const arms = [
    { listId: experiment.treated_list_id, label: t('measure.experiments.treatedList') },
    { listId: experiment.control_list_id, label: t('measure.experiments.controlList') },
  ]
  return (
    <Panel
      title={experiment.name}
      note={`${experiment.segment_name} · ${progress}`}
      actions={
        <>
          {query.data ? <StateChip state={query.data.finding.state} /> : null}
          {canWrite ? <Deeds experiment={experiment} /> : null}
        </>
      }
    >
      {experiment.hypothesis ? <p className={styles.hypothesis}>{experiment.hypothesis}</p> : null}
      <Loaded query={query} height={120}>
        {({ finding }) => <FindingView experiment={experiment} finding={finding} />}
      </Loaded>
      {canExport ? (
        <div className={styles.lists}>
          {arms.map(({ listId, label }) => (
            <Button
              key={listId}
              type="link"
              size="small"
              icon={<ExportIcon />}
              href={`/api/lists/${listId}/export`}
              download
            >
              {label}
            </Button>
          ))}
        </div>
      ) : null}
    </Panel>
  )
}
