// PostgreSQL for the ledger.
param location string

param name string

param sku { name: string, tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized' }

param admin string

@secure()
param password string

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${name}-${uniqueString(resourceGroup().id, name)}'
  location: location
  sku: sku
  properties: {
    version: '17'
    administratorLogin: admin
    administratorLoginPassword: password
    authConfig: {
      activeDirectoryAuth: 'Disabled'
      passwordAuth: 'Enabled'
    }
    storage: {
      storageSizeGB: 32
      autoGrow: 'Enabled'
    }
    backup: {
      backupRetentionDays: 14
      geoRedundantBackup: 'Disabled'
    }
    highAvailability: {
      mode: 'Disabled'
    }
  }
}

resource database 'Microsoft.DBforPostgreSQL/flexibleServers/databases@2024-08-01' = {
  parent: server
  name: 'ledger'
}

// The range 0.0.0.0 to 0.0.0.0 means addresses of Azure. The environment has no virtual network, so its outgoing addresses may change.
resource azure 'Microsoft.DBforPostgreSQL/flexibleServers/firewallRules@2024-08-01' = {
  parent: server
  name: 'azure'
  // A server takes one change at a time.
  dependsOn: [database]
  properties: {
    startIpAddress: '0.0.0.0'
    endIpAddress: '0.0.0.0'
  }
}

// In Npgsql's form: a quote within a quoted value is written twice. A secure output: the history of deployments doesn't show it.
@secure()
output connectionString string = 'Host=${server.properties.fullyQualifiedDomainName};Database=${database.name};Username=${admin};Password=\'${replace(password, '\'', '\'\'')}\';SSL Mode=VerifyFull;Maximum Pool Size=15'
