using System.CommandLine;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;
using OpenAIProxy.Standalone.Telling;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy run</c>: serves until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Create(TextWriter output)
    {
        var command = new Command("run");
        var flags = new RunFlags(command);
        command.SetAction(result => Startup.Run(
            "openai-proxy", () => RunAsync(flags.Read(result), output).GetAwaiter().GetResult(), "--port, --urls or ASPNETCORE_URLS"));
        return command;
    }

    private static async Task RunAsync(ParsedFlags parsed, TextWriter output)
    {
        await using var demo = parsed.IsDemo ? await Demo.StartAsync() : null;
        var start = StartArguments.Create(parsed, demo?.Address);
        await using var process = OneProcess.Build(
            start.Args, start.InternalToken, parsed.Config is { } file ? () => SettingsFile.Check(file, OneProcess.Settings) : null);
        StateFolder.Create(start.DataFolder);
        await process.RunAsync(() => new Banner(process.Gateway, start, parsed.IsDemo).Write(output, BannerText.OfThisMachine()));
    }
}
