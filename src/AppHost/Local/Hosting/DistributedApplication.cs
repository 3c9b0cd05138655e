using Microsoft.Extensions.Configuration;
using OpenAIProxy.AppHost.Local;

namespace Aspire.Hosting;

/// <summary>The app: starts everything, and ends it.</summary>
internal sealed class DistributedApplication(IReadOnlyList<IResource> resources)
{
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new Builder(args);

    /// <summary>Runs until Ctrl-C or a failure, which <see cref="Environment.ExitCode"/> then tells.</summary>
    public void Run()
    {
        using var orchestrator = new Orchestrator(resources);
        Environment.ExitCode = orchestrator.RunAsync().GetAwaiter().GetResult();
    }

    private sealed class Builder : IDistributedApplicationBuilder
    {
        private readonly List<IResource> _resources = [];

        public Builder(string[] args)
        {
            if (!OperatingSystem.IsLinux())
            {
                throw new PlatformNotSupportedException("Without Aspire the AppHost runs on Linux only. Here: UseAspire=true.");
            }

            // As every host does it: secrets of this user for development, then the environment, then the command line.
            if (Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") == "Development")
            {
                Configuration.AddUserSecrets(typeof(Builder).Assembly, optional: true);
            }

            Configuration.AddEnvironmentVariables().AddCommandLine(args);
        }

        public ConfigurationManager Configuration { get; } = new();

        public string AppHostDirectory { get; } = Projects.AppHost.ProjectPath;

        public DistributedApplicationExecutionContext ExecutionContext { get; } = new(IsRunMode: true);

        public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
        {
            _resources.Add(resource);
            return new ResourceBuilder<T>(resource);
        }

        public DistributedApplication Build() => new([.. _resources]);
    }
}
