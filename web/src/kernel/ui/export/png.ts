import readoutFont from '@fontsource/b612/files/b612-latin-400-normal.woff2?url'
import textFont from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'

const SCALE = 2

const asDataUrl = async (url: string): Promise<string> => {
  const content = await (await fetch(url)).blob()
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(content)
  })
}

const fontFaces = async (): Promise<string> => {
  const [text, readout] = await Promise.all([asDataUrl(textFont), asDataUrl(readoutFont)])
  return `@font-face{font-family:'Inter Variable';src:url(${text});font-weight:100 900}
@font-face{font-family:'B612';src:url(${readout})}`
}

/** A picture of a drawing at twice its size, on white. An image cannot see the page's fonts, so they go in. */
export const pngOf = async (figure: SVGSVGElement): Promise<Blob> => {
  const { width, height } = figure.getBoundingClientRect()
  const copy = figure.cloneNode(true) as SVGSVGElement
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style')
  style.textContent = await fontFaces()
  copy.prepend(style)
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
  await image.decode()
  return paint(image, width, height)
}

const paint = (image: HTMLImageElement, width: number, height: number): Promise<Blob> => {
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * SCALE)
  canvas.height = Math.round(height * SCALE)
  const context = canvas.getContext('2d')
  if (!context) return Promise.reject(new Error('This browser cannot draw pictures.'))
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large.'))),
      'image/png',
    ),
  )
}
