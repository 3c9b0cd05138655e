// The billing service: reached from the environment only.
import { probes } from 'probes.bicep'

param location string

param name string

param environmentName string

param identityId string

param registry string

param image string

param openAIBaseUrl string

@secure()
param internalToken string

@secure()
param adminToken string

@secure()
param cacheSecret string

@description('Redis, in StackExchange.Redis\' form.')
@secure()
param cacheConnection string

@description('PostgreSQL, in Npgsql\'s form.')
@secure()
param ledgerConnection string

param minReplicas int

param maxReplicas int

var port = 8001

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' existing = {
  name: environmentName
}

resource billing 'Microsoft.App/containerApps@2025-01-01' = {
  name: name
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: {
        external: false
        targetPort: port
        transport: 'auto'
        // Callers' keys and the internal token travel here: with TLS only.
        allowInsecure: false
      }
      registries: [
        {
          server: registry
          identity: identityId
        }
      ]
      secrets: [
        {
          name: 'internal-token'
          value: internalToken
        }
        {
          name: 'admin-token'
          value: adminToken
        }
        {
          name: 'cache-secret'
          value: cacheSecret
        }
        {
          name: 'cache-connection'
          value: cacheConnection
        }
        {
          name: 'ledger-connection'
          value: ledgerConnection
        }
      ]
    }
    template: {
      terminationGracePeriodSeconds: 40
      containers: [
        {
          name: 'openaiproxy-billing'
          image: image
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          env: [
            {
              name: 'OpenAI__BaseUrl'
              value: openAIBaseUrl
            }
            {
              name: 'ConnectionStrings__cache'
              secretRef: 'cache-connection'
            }
            {
              name: 'ConnectionStrings__ledger'
              secretRef: 'ledger-connection'
            }
            {
              name: 'Internal__Token'
              secretRef: 'internal-token'
            }
            {
              name: 'Billing__AdminToken'
              secretRef: 'admin-token'
            }
            {
              name: 'Billing__CacheSecret'
              secretRef: 'cache-secret'
            }
          ]
          probes: probes(port)
        }
      ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        rules: [
          {
            name: 'requests'
            http: {
              metadata: {
                concurrentRequests: '50'
              }
            }
          }
        ]
      }
    }
  }
}

output url string = 'https://${billing.properties.configuration.ingress!.fqdn}'
