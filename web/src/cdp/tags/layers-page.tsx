import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useCan } from '@/kernel/auth'
import { useT } from '@/kernel/i18n'
import { Button, EmptyState, Loaded, Page, Panel, useConfirm, useNotice } from '@/kernel/ui'
import { DeleteIcon, EditIcon, LockIcon, PlusIcon } from '@/kernel/ui/icons'
import { Ladder, useLayerWords } from './ladder'
import styles from './layers.module.css'
import { deleteLayer, forgetLayers, layersQuery } from './queries'
import { useRuleTools } from './tools'
import type { Layer } from './view'

const useRemoval = () => {
  const t = useT()
  const confirm = useConfirm()
  const notice = useNotice()
  const { usesOf } = useRuleTools()
  return ({ key, name }: Layer) => {
    const names = usesOf('layer', key).join(t('cdp.tags.listSeparator'))
    if (names) return void notice.warning(t('cdp.tags.layers.remove.uses', { name, names }))
    confirm({
      title: t('cdp.tags.layers.remove.title', { name }),
      content: t('cdp.tags.layers.remove.text'),
      verb: t('cdp.tags.layers.remove.verb'),
      isDangerous: true,
      act: async () => {
        try {
          await deleteLayer(key)
        } catch (error) {
          notice.error(error instanceof Error && error.message ? error.message : t('kernel.ui.failed'))
          return
        }
        await forgetLayers()
        notice.success(t('cdp.tags.layers.remove.done'))
      },
    })
  }
}

const LayerPanel = ({ layer, canWrite }: { layer: Layer; canWrite: boolean }) => {
  const t = useT()
  const words = useLayerWords()
  const navigate = useNavigate()
  const remove = useRemoval()
  const name = words.name(layer)
  const falls = layer.is_built_in
    ? null
    : t(layer.may_fall ? 'cdp.tags.layers.falls' : 'cdp.tags.layers.risesOnly')
  const actions = layer.is_built_in ? (
    <span className={styles.builtIn}>
      <LockIcon aria-hidden="true" /> {t('cdp.tags.layers.builtIn')}
    </span>
  ) : canWrite ? (
    <>
      <Button
        type="text"
        icon={<EditIcon />}
        aria-label={t('cdp.tags.layers.editNamed', { name })}
        title={t('cdp.tags.layers.editNamed', { name })}
        onClick={() => void navigate({ to: '/portrait/layers/$layerKey', params: { layerKey: layer.key } })}
      />
      <Button
        type="text"
        icon={<DeleteIcon />}
        aria-label={t('cdp.tags.layers.removeNamed', { name })}
        title={t('cdp.tags.layers.removeNamed', { name })}
        onClick={() => remove(layer)}
      />
    </>
  ) : null
  const note = [words.description(layer), falls].filter(Boolean).join(' ')
  return (
    <Panel title={name} note={note || undefined} actions={actions}>
      {layer.status !== 'ready' ? (
        <p className={styles.status} data-status={layer.status}>
          {t(`cdp.tags.status.${layer.status}`)}
        </p>
      ) : null}
      {layer.classes.length > 0 ? (
        <Ladder layer={layer} />
      ) : (
        <p className={styles.none}>{t('cdp.tags.layers.noClasses')}</p>
      )}
    </Panel>
  )
}

/** Layers: ladders on which everybody stands on one rung. */
export const LayersPage = () => {
  const t = useT()
  const canWrite = useCan('segments:write')
  const query = useQuery(layersQuery)
  const navigate = useNavigate()
  const add = canWrite ? (
    <Button type="primary" icon={<PlusIcon />} onClick={() => void navigate({ to: '/portrait/layers/new' })}>
      {t('cdp.tags.layers.new')}
    </Button>
  ) : null
  return (
    <Page title={t('cdp.tags.layers.title')} note={t('cdp.tags.layers.note')} tools={add}>
      <Loaded query={query} height={420}>
        {({ items }) => {
          const own = items.filter((layer) => !layer.is_built_in)
          const builtIn = items.filter((layer) => layer.is_built_in)
          return (
            <div className={styles.layers}>
              {own.map((layer) => (
                <LayerPanel key={layer.key} layer={layer} canWrite={canWrite} />
              ))}
              {own.length === 0 && canWrite ? (
                <Panel title={t('cdp.tags.layers.own')}>
                  <EmptyState
                    title={t('cdp.tags.layers.empty')}
                    action={<Link to="/portrait/layers/new">{t('cdp.tags.layers.first')}</Link>}
                  >
                    {t('cdp.tags.layers.emptyHint')}
                  </EmptyState>
                </Panel>
              ) : null}
              <div className={styles.builtIns}>
                {builtIn.map((layer) => (
                  <LayerPanel key={layer.key} layer={layer} canWrite={false} />
                ))}
              </div>
            </div>
          )
        }}
      </Loaded>
    </Page>
  )
}
