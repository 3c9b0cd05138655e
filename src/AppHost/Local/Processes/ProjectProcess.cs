using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace OpenAIProxy.AppHost.Local;

/// <summary>A project's process: the variables that Aspire gives, and the wait until it is healthy.</summary>
internal static class ProjectProcess
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    // The AppHost's own, which would mislead its children; Aspire keeps the same ones back.
    private static readonly string[] NotInherited = ["ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT", "DOTNET_LAUNCH_PROFILE"];

    // A person who looks at a trace does not want to wait for the exporters' five seconds; lines stand behind names, so one line an event;
    // who starts and stops is told by the AppHost.
    private static readonly (string Name, string Value)[] Defaults =
    [
        ("OTEL_BSP_SCHEDULE_DELAY", "1000"), ("OTEL_BLRP_SCHEDULE_DELAY", "1000"), ("OTEL_METRIC_EXPORT_INTERVAL", "1000"),
        ("Logging__Console__FormatterName", "simple"), ("Logging__Console__FormatterOptions__SingleLine", "true"),
        ("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Warning"),
        ("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", Orchestrator.IsColoured ? "true" : "false"),
    ];

    private static readonly HttpClient Client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };

    public static async Task<ProcessStartInfo> PrepareAsync(ProjectResource project)
    {
        var directory = Path.GetDirectoryName(project.Project.ProjectPath)!;
        var start = ChildStart.Prepare(directory, ChildStart.DotNet, project.Project.AssemblyPath);
        var environment = start.Environment;
        foreach (var name in environment.Keys.Where(n => NotInherited.Contains(n) || n.StartsWith("ASPIRE_", StringComparison.Ordinal)).ToList())
        {
            environment.Remove(name);
        }

        environment["ASPNETCORE_URLS"] = project.Url;
        environment["OTEL_SERVICE_NAME"] = project.Name;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Guid.NewGuid():N}";
        foreach (var (name, value) in project.Environment)
        {
            environment[name] = await value();
        }

        foreach (var (name, value) in LaunchProfile(directory).Concat(Defaults))
        {
            environment.TryAdd(name, value);
        }

        return start;
    }

    /// <summary>Returns when it is healthy or has ended.</summary>
    /// <exception cref="TimeoutException">It is neither within a minute.</exception>
    public static async Task WaitUntilHealthyAsync(ProjectResource project, Child child, CancellationToken cancellationToken)
    {
        var answer = "none";
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < StartLimit; await Task.WhenAny(child.Ended, Task.Delay(100, cancellationToken)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using var response = await Client.GetAsync(new Uri(project.Url + project.HealthPath), cancellationToken);
                answer = $"{(int)response.StatusCode}";
            }
            catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                answer = "none";
            }

            if (answer == "200" || child.Ended.IsCompleted)
            {
                return;
            }
        }

        throw new TimeoutException($"{project.Name} was not healthy within {StartLimit.TotalSeconds} seconds; {project.HealthPath} last answered: {answer}.");
    }

    // The profile with the AppHost's own profile name, else the first, as Aspire does.
    private static IEnumerable<(string Name, string Value)> LaunchProfile(string directory)
    {
        var profiles = new ConfigurationBuilder().AddJsonFile(Path.Combine(directory, "Properties/launchSettings.json"), optional: true)
            .Build().GetSection("profiles").GetChildren().ToList();
        var own = Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE");
        var profile = profiles.Find(p => p.Key == own) ?? profiles.FirstOrDefault();
        return profile?.GetSection("environmentVariables").GetChildren().Select(v => (v.Key, v.Value ?? "")) ?? [];
    }
}
