import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useT } from '@/kernel/i18n'
import { Alert, Button, Form, Input, Panel, Refusal, Switch, useNotice } from '@/kernel/ui'
import { PlusIcon } from '@/kernel/ui/icons'
import { ClassEditor } from './class-editor'
import { draftsOf, freshClass, keyFor, lacksOf, renamed } from './drafts'
import styles from './layers.module.css'
import { forgetLayers, saveLayer, toClasses } from './queries'
import type { DraftClass, Layer } from './view'

const MOST_CLASSES = 20

interface LayerEditorProps {
  /** The layer to change; none: a new one. */
  layer?: Layer
  /** Keys that other layers have. */
  taken: string[]
}

interface AboutProps {
  name: string
  description: string
  mayFall: boolean
  keyText: string
  lacks: boolean
  onName: (name: string) => void
  onDescription: (description: string) => void
  onMayFall: (mayFall: boolean) => void
}

const About = (props: AboutProps) => {
  const { name, description, mayFall, keyText, lacks, onName, onDescription, onMayFall } = props
  const t = useT()
  return (
    <Panel title={t('cdp.tags.layers.about')}>
      <Form layout="vertical" requiredMark={false} component="div" className={styles.about}>
        <Form.Item
          label={t('cdp.tags.layers.name')}
          htmlFor="layer-name"
          validateStatus={lacks ? 'error' : undefined}
          help={lacks ? t('cdp.tags.layers.lack.name') : undefined}
          extra={t('cdp.tags.layers.keyIs', { key: keyText })}
        >
          <Input
            id="layer-name"
            value={name}
            maxLength={100}
            placeholder={t('cdp.tags.layers.example')}
            onChange={({ target }) => onName(target.value)}
          />
        </Form.Item>
        <Form.Item label={t('cdp.tags.form.description')} htmlFor="layer-description">
          <Input
            id="layer-description"
            value={description}
            maxLength={500}
            onChange={({ target }) => onDescription(target.value)}
          />
        </Form.Item>
      </Form>
      <span className={styles.switch}>
        <Switch checked={mayFall} aria-label={t('cdp.tags.layers.mayFall')} onChange={onMayFall} />
        <span>
          {t('cdp.tags.layers.mayFall')}
          <span className={styles.hint}>
            {t(mayFall ? 'cdp.tags.layers.fallsHint' : 'cdp.tags.layers.risesHint')}
          </span>
        </span>
      </span>
    </Panel>
  )
}

const useClasses = (layer: Layer | undefined) => {
  const [classes, setClasses] = useState<DraftClass[]>(() => draftsOf(layer))
  const [openId, setOpenId] = useState<number | null>(() => (layer ? null : (classes[0]?.id ?? null)))
  const put = (id: number, change: Partial<DraftClass>) =>
    setClasses((all) => all.map((each) => (each.id === id ? { ...each, ...change } : each)))
  const step = (rung: number, by: 1 | -1) =>
    setClasses((all) => {
      const [one, other] = [all[rung], all[rung + by]]
      return one && other ? all.with(rung, other).with(rung + by, one) : all
    })
  const add = () => {
    const made = freshClass(classes.map(({ key }) => key))
    setClasses([...classes, made])
    setOpenId(made.id)
  }
  return {
    classes,
    openId,
    setOpenId,
    put,
    step,
    add,
    rename: (id: number, name: string) => setClasses((all) => renamed(all, id, name)),
    remove: (id: number) => setClasses((all) => all.filter((each) => each.id !== id)),
  }
}

/** A layer: its name, whether people may fall, and its rungs with a rule each. */
export const LayerEditor = ({ layer, taken }: LayerEditorProps) => {
  const t = useT()
  const notice = useNotice()
  const navigate = useNavigate()
  const [name, setName] = useState(layer?.name ?? '')
  const [description, setDescription] = useState(layer?.description ?? '')
  const [mayFall, setMayFall] = useState(layer?.may_fall ?? true)
  const [hasTried, setHasTried] = useState(false)
  const { classes, openId, setOpenId, put, step, add, rename, remove } = useClasses(layer)
  const key = layer?.key ?? keyFor(name, taken, 'layer')
  const lacks = lacksOf(name, classes)
  const save = useMutation({
    mutationFn: () =>
      saveLayer(
        {
          key,
          name: name.trim(),
          description: description.trim(),
          may_fall: mayFall,
          classes: toClasses(classes),
        },
        layer === undefined,
      ),
    onSuccess: async () => {
      await forgetLayers()
      notice.success(t('cdp.tags.layers.saved'))
      await navigate({ to: '/portrait/layers' })
    },
  })
  const trySaving = () => {
    setHasTried(true)
    const unfinished = classes.find((each) => each.name.trim() === '' || !each.isWhole)
    if (unfinished) setOpenId(unfinished.id)
    if (lacks.length === 0) save.mutate()
  }
  return (
    <div className={styles.editor}>
      <About
        name={name}
        description={description}
        mayFall={mayFall}
        keyText={key}
        lacks={hasTried && lacks.includes('name')}
        onName={setName}
        onDescription={setDescription}
        onMayFall={setMayFall}
      />
      <Panel
        title={t('cdp.tags.layers.classes')}
        note={t('cdp.tags.layers.classesNote')}
        actions={
          classes.length < MOST_CLASSES ? (
            <Button icon={<PlusIcon />} onClick={add}>
              {t('cdp.tags.layers.addClass')}
            </Button>
          ) : null
        }
      >
        <ol className={styles.classes}>
          {classes.toReversed().map((each, index) => {
            const rung = classes.length - 1 - index
            return (
              <ClassEditor
                key={each.id}
                each={each}
                rung={rung}
                rungs={classes.length}
                isOpen={openId === each.id}
                hasTried={hasTried}
                error={null}
                onOpen={() => setOpenId(openId === each.id ? null : each.id)}
                onName={(next) => rename(each.id, next)}
                onRule={(rule, isWhole) => put(each.id, { rule, isWhole })}
                onStep={(by) => step(rung, by)}
                onRemove={() => remove(each.id)}
              />
            )
          })}
        </ol>
      </Panel>
      <Refusal error={save.error} />
      {hasTried && lacks.length > 0 ? (
        <Alert
          role="alert"
          type="warning"
          title={lacks.map((lack) => t(`cdp.tags.layers.lack.${lack}`)).join(' ')}
        />
      ) : null}
      <div className={styles.actions}>
        <Button type="primary" loading={save.isPending} onClick={trySaving}>
          {t('cdp.tags.layers.save')}
        </Button>
        <Button onClick={() => void navigate({ to: '/portrait/layers' })}>{t('kernel.ui.cancel')}</Button>
      </div>
    </div>
  )
}
