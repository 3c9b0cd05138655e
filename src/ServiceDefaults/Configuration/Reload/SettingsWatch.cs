using Microsoft.Extensions.Hosting;

namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>Looks at the files with settings every now and then, and at once when SIGHUP says so.</summary>
internal sealed class SettingsWatch(SettingsReload reload, IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hangUp = HangUp.Register(reload.ReadNow, lifetime.StopApplication);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            reload.Look();
        }
    }
}
