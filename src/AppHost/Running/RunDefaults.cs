using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.AppHost.Running;

/// <summary>What is different here from Aspire's own defaults.</summary>
internal static class RunDefaults
{
    /// <summary>
    /// A builder of apps that wait at their end until all is gone, end with the <c>dotnet run</c> that started them, keep secrets out of the
    /// log at every level, need no development certificate, and say in the console why a service did not start.
    /// </summary>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args)
    {
        // Nothing here speaks TLS (for a public gateway a reverse proxy does), so nobody has to make and trust a certificate.
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
        {
            Args = args,
            TrustDeveloperCertificate = false,
            DeveloperCertificateDefaultHttpsTerminationEnabled = false,
        });
        // Else the command ends before the services have, and a new start finds their ports taken.
        builder.Configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
        // Else each start asks NuGet for a newer Aspire, which is nothing that a user of this app could install.
        builder.Configuration["ASPIRE_VERSION_CHECK_DISABLED"] = "true";
        builder.Services.PostConfigure<LoggerFilterOptions>(AddFilters);
        if (builder.ExecutionContext.IsRunMode)
        {
            // First: Aspire's own service starts all resources, and its start would not end while one of them waits for another that can't start.
            builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService, StartFailures>());
            ParentProcess.Watch(builder.Configuration);
        }

        return builder;
    }

    private static void AddFilters(LoggerFilterOptions options)
    {
        // Added last, and once more for each provider that has rules of its own, which would win.
        string?[] providers = [.. options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct()];
        foreach (var provider in providers)
        {
            // At Trace it writes each change of a resource, with the values of secret parameters.
            options.Rules.Add(new LoggerFilterRule(provider, "Aspire.Hosting.ApplicationModel.ResourceNotificationService", LogLevel.Information, null));
            // A start that StartFailures has ended is a failed start to the host, with a stack trace. By then all has been said.
            options.Rules.Add(new LoggerFilterRule(
                provider, "Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Information, static (_, _, _) => Environment.ExitCode == 0));
        }
    }
}
