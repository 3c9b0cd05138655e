using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Collects the parts of the app.</summary>
internal interface IDistributedApplicationBuilder
{
    public ConfigurationManager Configuration { get; }

    /// <summary>The folder of the AppHost's project.</summary>
    public string AppHostDirectory { get; }

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

    public DistributedApplication Build();
}
