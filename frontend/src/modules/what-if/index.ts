export { WhatIfPage } from './WhatIfPage'
