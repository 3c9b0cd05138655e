// OpenAIProxy on Azure Container Apps. docs/deploy.md says how to use it.
targetScope = 'resourceGroup'

@description('Where everything is made.')
param location string = resourceGroup().location

@description('What the names of all resources begin with.')
@minLength(3)
@maxLength(12)
param name string = 'openaiproxy'

// Images

@description('An Azure Container Registry that has the images of both services.')
param registryName string

@description('The resource group of the registry. Who deploys must be allowed to assign roles there.')
param registryResourceGroup string = resourceGroup().name

param gatewayRepository string = 'openaiproxy-gateway'

param billingRepository string = 'openaiproxy-billing'

@description('The tag of both images.')
param imageTag string

// The services

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

@description('The secret by which the billing service knows its gateways.')
@secure()
@minLength(16)
param internalToken string

@description('Who shows it sees the usage of all keys.')
@secure()
@minLength(16)
param adminToken string

@description('What cached billing results are named and sealed with.')
@secure()
@minLength(16)
param cacheSecret string

@description('Addresses of the ingress, whose X-Forwarded-For is believed: those that Container Apps reserve for themselves.')
param trustedProxies string = '100.100.0.0/17,100.100.128.0/19,100.100.160.0/19,100.100.192.0/19'

// Scale

@minValue(1)
param gatewayMinReplicas int = 1

@minValue(1)
param gatewayMaxReplicas int = 10

@description('Requests at once at which another gateway is started.')
@minValue(1)
param gatewayConcurrency int = 100

@minValue(1)
param billingMinReplicas int = 1

@description('Each replica takes up to 15 connections of PostgreSQL; the smallest server has 35.')
@minValue(1)
param billingMaxReplicas int = 2

// PostgreSQL

param postgresAdmin string = 'openaiproxy'

@secure()
@minLength(8)
param postgresPassword string

param postgresSku { name: string, tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized' } = {
  name: 'Standard_B1ms'
  tier: 'Burstable'
}

// Redis

@description('The size of Azure Managed Redis.')
param redisSku string = 'Balanced_B0'

// Domain

@description('A host name of your own for the gateway; empty for none. Its DNS records must be there first.')
param customDomain string = ''

@description('The resource id of the certificate for it, in the environment; empty until there is one.')
param certificateId string = ''

module access 'modules/registryAccess.bicep' = {
  scope: resourceGroup(registryResourceGroup)
  params: {
    registryName: registryName
    principalId: identity.properties.principalId
  }
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: '${name}-pull'
  location: location
}

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

module redis 'modules/redis.bicep' = {
  params: {
    location: location
    name: name
    skuName: redisSku
  }
}

module postgres 'modules/postgres.bicep' = {
  params: {
    location: location
    name: name
    sku: postgresSku
    admin: postgresAdmin
    password: postgresPassword
  }
}

module billing 'modules/billing.bicep' = {
  params: {
    location: location
    name: '${name}-billing'
    environmentName: environment.outputs.name
    identityId: identity.id
    registry: access.outputs.loginServer
    image: '${access.outputs.loginServer}/${billingRepository}:${imageTag}'
    openAIBaseUrl: openAIBaseUrl
    internalToken: internalToken
    adminToken: adminToken
    cacheSecret: cacheSecret
    cacheConnection: redis.outputs.connectionString
    ledgerConnection: postgres.outputs.connectionString
    minReplicas: billingMinReplicas
    maxReplicas: billingMaxReplicas
  }
}

module gateway 'modules/gateway.bicep' = {
  params: {
    location: location
    name: '${name}-gateway'
    environmentName: environment.outputs.name
    identityId: identity.id
    registry: access.outputs.loginServer
    image: '${access.outputs.loginServer}/${gatewayRepository}:${imageTag}'
    billingUrl: billing.outputs.url
    journalStorage: journal.outputs.storageName
    openAIBaseUrl: openAIBaseUrl
    openAIKey: openAIKey
    accessKeys: accessKeys
    internalToken: internalToken
    cacheConnection: redis.outputs.connectionString
    trustedProxies: trustedProxies
    minReplicas: gatewayMinReplicas
    maxReplicas: gatewayMaxReplicas
    concurrency: gatewayConcurrency
    customDomain: customDomain
    certificateId: certificateId
  }
}

@description('Where callers send their requests.')
output gatewayUrl string = gateway.outputs.url

@description('The host name that a custom domain\'s CNAME record names.')
output gatewayHost string = gateway.outputs.host

@description('What the TXT record asuid.HOST of a custom domain must say.')
output domainVerificationId string = environment.outputs.domainVerificationId

output environmentName string = environment.outputs.name

output gatewayName string = gateway.outputs.name
