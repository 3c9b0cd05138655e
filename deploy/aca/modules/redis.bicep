// Azure Managed Redis for the billing service's cached results and the gateways' limits.
param location string

param name string

param skuName string

resource redis 'Microsoft.Cache/redisEnterprise@2025-04-01' = {
  name: '${name}-${uniqueString(resourceGroup().id, name)}'
  location: location
  sku: {
    name: skuName
  }
  properties: {
    highAvailability: 'Enabled'
    minimumTlsVersion: '1.2'
  }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-04-01' = {
  parent: redis
  name: 'default'
  properties: {
    // With TLS only.
    clientProtocol: 'Encrypted'
    port: 10000
    // One address for all keys, whatever the number of shards.
    clusteringPolicy: 'EnterpriseCluster'
    evictionPolicy: 'VolatileLRU'
    accessKeysAuthentication: 'Enabled'
  }
}

// In StackExchange.Redis' form. A secure output: the history of deployments doesn't show it.
@secure()
output connectionString string = '${redis.properties.hostName}:${database.properties.port},password=${database.listKeys().primaryKey},ssl=true'
