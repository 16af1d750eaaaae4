import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useT } from '@/kernel/i18n'
import { EmptyState, Loaded, Page } from '@/kernel/ui'
import { LayerEditor } from './layer-editor'
import { layersQuery } from './queries'

const useAbove = () => {
  const t = useT()
  return (
    <>
      <Link to="/portrait/layers">{t('cdp.tags.layers.title')}</Link> /
    </>
  )
}

/** A layer of one's own, from the first rung. */
export const NewLayerPage = () => {
  const t = useT()
  const query = useQuery(layersQuery)
  return (
    <Page title={t('cdp.tags.layers.new')} above={useAbove()}>
      <Loaded query={query} height={420}>
        {({ items }) => <LayerEditor taken={items.map(({ key }) => key)} />}
      </Loaded>
    </Page>
  )
}

/** The rungs of a layer that exists. */
export const EditLayerPage = () => {
  const t = useT()
  const { layerKey } = useParams({ from: '/shell/portrait/layers/$layerKey' })
  const query = useQuery(layersQuery)
  const layer = query.data?.items.find(({ key }) => key === layerKey)
  return (
    <Page title={layer?.name ?? t('cdp.tags.layers.one')} above={useAbove()}>
      <Loaded query={query} height={420}>
        {({ items }) => {
          const found = items.find(({ key }) => key === layerKey)
          return found && !found.is_built_in ? (
            <LayerEditor layer={found} taken={items.map(({ key }) => key)} />
          ) : (
            <EmptyState title={t('cdp.tags.layers.noSuch')} />
          )
        }}
      </Loaded>
    </Page>
  )
}
