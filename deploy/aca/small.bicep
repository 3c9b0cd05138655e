// OpenAIProxy on Azure Container Apps, the small case: one container with gateway and billing service. docs/deploy.md says how to use it.
targetScope = 'resourceGroup'

@description('Where everything is made.')
param location string = resourceGroup().location

@description('What the names of all resources begin with.')
@minLength(3)
@maxLength(12)
param name string = 'openaiproxy'

@description('The image with its registry and tag, such as ghcr.io/you/openaiproxy:0.1.0. Everybody must be able to pull it.')
@minLength(3)
param image string

@description('The API that requests are forwarded to.')
param openAIBaseUrl string = 'https://api.openai.com'

@description('The operator\'s key, or several with commas between.')
@secure()
@minLength(1)
param openAIKey string

@description('Access keys to give away, with commas between.')
@secure()
@minLength(1)
param accessKeys string

@description('The secret by which visitors of the usage page stay signed in over a restart. Without one they sign in again after each deployment.')
@secure()
@minLength(16)
param internalToken string = newGuid()

@description('Who shows it sees the usage of all keys.')
@secure()
@minLength(16)
param adminToken string

@description('Addresses of the ingress, whose X-Forwarded-For is believed: those that Container Apps reserve for themselves.')
param trustedProxies string = '100.100.0.0/17,100.100.128.0/19,100.100.160.0/19,100.100.192.0/19'

param postgresAdmin string = 'openaiproxy'

@secure()
@minLength(8)
param postgresPassword string

module environment 'modules/environment.bicep' = {
  params: {
    location: location
    name: name
  }
}

module journal 'modules/journal.bicep' = {
  params: {
    location: location
    name: name
    environmentName: environment.outputs.name
  }
}

// The ledger can't be a file here: a container app's volumes are network shares, where SQLite's write-ahead log doesn't work.
// https://www.sqlite.org/wal.html
module postgres 'modules/postgres.bicep' = {
  params: {
    location: location
    name: name
    sku: {
      name: 'Standard_B1ms'
      tier: 'Burstable'
    }
    admin: postgresAdmin
    password: postgresPassword
  }
}

module standalone 'modules/standalone.bicep' = {
  params: {
    location: location
    name: name
    environmentName: environment.outputs.name
    image: image
    journalStorage: journal.outputs.storageName
    openAIBaseUrl: openAIBaseUrl
    openAIKey: openAIKey
    accessKeys: accessKeys
    internalToken: internalToken
    adminToken: adminToken
    trustedProxies: trustedProxies
    ledgerConnection: postgres.outputs.connectionString
  }
}

@description('Where callers send their requests.')
output gatewayUrl string = standalone.outputs.url
