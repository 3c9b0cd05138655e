using OpenAIProxy.ServiceDefaults.Telemetry;
using OpenAIProxy.Simulator.Configuration;
using OpenAIProxy.Simulator.Endpoints;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Recording;

namespace OpenAIProxy.Simulator;

/// <summary>An OpenAI-compatible upstream for demos, tests and benchmarks. Request headers <c>x-sim-*</c> choose how it behaves.</summary>
public static class Program
{
    /// <summary>Runs the simulator. Returns 0, 78 for a wrong setting, or 1 if the address to listen on can't be had.</summary>
    public static int Main(string[] args)
    {
        try
        {
            var app = Build(args);
            app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"The simulator listens on {string.Join(", ", app.Urls)}"));
            app.Run();
            return 0;
        }
        catch (SimulatorSettingException e)
        {
            Console.Error.WriteLine($"The simulator can't start. {e.Message}");
            return 78;
        }
        catch (IOException e)
        {
            Console.Error.WriteLine($"The simulator can't start. {e.Message} Choose another address with --urls.");
            return 1;
        }
    }

    /// <summary>The app, ready to start. Throws <see cref="SimulatorSettingException"/> if a <c>Simulator:*</c> setting can't be used.</summary>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
        var options = SimulatorOptions.Read(builder.Configuration);
        builder.ConfigureSockets(options);
        // Before the log is taken away: there is none for a collector either.
        builder.AddTelemetry("simulator");
        builder.ConfigureLogging();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<RequestRecorder>();
        if (options.Default.Tally is { } tally)
        {
            builder.Services.AddSingleton(tally);
        }

        var app = builder.Build();

        app.UseTelemetry();
        // Before routing: a benchmark's requests are answered here.
        app.UseSimulator();
        app.UseWebSockets();
        app.UseRouting();

        app.MapHealth();
        app.MapRecordedRequests();
        app.MapTally();
        app.MapModels();
        app.MapCompletions();
        app.MapResponses();
        app.MapEmbeddings();
        app.MapModerations();
        app.MapImages();
        app.MapAudio();
        app.MapFiles();
        app.MapUploads();
        app.MapBatches();
        app.MapRuns();
        app.MapRealtime();
        app.MapLegacyBilling();
        app.MapOrganizationCosts();
        app.MapUnknownUrls();
        return app;
    }
}
