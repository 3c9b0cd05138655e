// How Container Apps ask a service for its health. They take at most 10 failures of a probe.
@export()
func probes(port int) object[] => [
  {
    type: 'Startup'
    httpGet: {
      path: '/health/live'
      port: port
    }
    periodSeconds: 5
    timeoutSeconds: 3
    failureThreshold: 10
  }
  {
    type: 'Liveness'
    httpGet: {
      path: '/health/live'
      port: port
    }
    periodSeconds: 15
    timeoutSeconds: 5
    failureThreshold: 4
  }
  {
    type: 'Readiness'
    httpGet: {
      path: '/health/ready'
      port: port
    }
    periodSeconds: 10
    timeoutSeconds: 5
    failureThreshold: 3
  }
]
