using Aspire.Hosting.Testing;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.AppHost.Tests.Running;

/// <summary>The app model as the AppHost builds it, before anything is started.</summary>
internal static class Model
{
    /// <summary>Runs the AppHost in the test process up to where it would build its app.</summary>
    /// <param name="arguments">Its command line.</param>
    /// <param name="variables">Set for its shell meanwhile.</param>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(string[] arguments, params (string Name, string? Value)[] variables)
    {
        using var environment = new EnvironmentScope(variables);
        return await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(arguments).Guarded();
    }
}
