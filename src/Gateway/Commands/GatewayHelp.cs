using OpenAIProxy.Gateway.Configuration;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Commands;

/// <summary>What the gateway says about itself.</summary>
internal static class GatewayHelp
{
    private const string Usage = """
        The gateway of OpenAIProxy: forwards every call of the OpenAI API, and counts what it used.

          dotnet run --project src/Gateway -- [COMMAND] [OPTIONS] [--SETTING=value ...]

        Without a command it serves. Examples:
          --port 9999                                        callers bring their own keys
          --OpenAI:ApiKey=sk-... --FORWARD_KEY=ann:fk-...    ann uses your key, and shows fk-...
          --urls http://localhost:8000                       for this machine only

        Commands:
          billing resend
              Sends usage that the billing service refused once more. Exit code 0 if none is left, else 1.
          --health ADDRESS
              Asks a running gateway how it is, such as --health http://localhost:8000. Exit code 0 or 1.
          --help
              This text.

        Options:
          --port N       the port, on all interfaces unless --urls names hosts; default 8000 or PORT; 0 takes any free one
          --urls LIST    where to listen, with ; between: http://localhost:8000
          --workers N    has no effect: one process uses all processor cores

        Exit code 78 if a setting can't be used, 1 if the port is in use.

        """;

    public static int Write(TextWriter output)
    {
        output.WriteLine(Usage);
        SettingsHelp.Write(output, GatewaySettings.All);
        return 0;
    }
}
