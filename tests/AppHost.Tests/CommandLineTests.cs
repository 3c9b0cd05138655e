using System.Net;
using System.Net.Sockets;
using OpenAIProxy.AppHost.Tests.Running;

namespace OpenAIProxy.AppHost.Tests;

/// <summary>Command lines that can't be used end with 64, and settings of a service that can't be used end with 78; both say what is wrong.</summary>
public sealed class CommandLineTests
{
    private const int UsageError = 64;
    private const int ConfigurationError = 78;

    [Theory]
    [InlineData("--replicas", "0", "1 to 16")]
    [InlineData("--replicas", "17", "1 to 16")]
    [InlineData("--replicas", "two", "1 to 16")]
    [InlineData("--port", "65536", "1 to 65535")]
    [InlineData("--port", "any", "1 to 65535")]
    [InlineData("--port", "-1", "1 to 65535")]
    [InlineData("--cache", "redis", "auto, container, process, none")]
    [InlineData("--cache", "1", "auto, container, process, none")]
    [InlineData("--ledger", "mysql", "sqlite, postgres")]
    public async Task Option_WithAnImpossibleValue_IsRefusedWithWhatIsAllowed(string option, string value, string allowed)
    {
        var (exitCode, output, error) = await AppHostProcess.RunAsync(["--demo", option, value]);

        Assert.Equal(UsageError, exitCode);
        Assert.Contains($"{option} is '{value}'; allowed: ", error, StringComparison.Ordinal);
        Assert.Contains(allowed, error, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project src/AppHost", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Theory]
    [InlineData("--prot")]
    [InlineData("demo")]
    [InlineData("--Demo")]
    [InlineData("--demo=yes")]
    public async Task Argument_ThatIsUnknown_IsRefusedWithTheUsage(string argument)
    {
        var (exitCode, output, error) = await AppHostProcess.RunAsync([argument]);

        Assert.Equal(UsageError, exitCode);
        Assert.Contains($"'{argument}' is not an option.", error, StringComparison.Ordinal);
        Assert.Contains("dotnet run --project src/AppHost", error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Errors_OfOneCommandLine_AreAllSaidAtOnce()
    {
        var (exitCode, _, error) = await AppHostProcess.RunAsync(["--port", "any", "--replicas", "two", "--prot"]);

        Assert.Equal(UsageError, exitCode);
        Assert.All(["'any'", "'two'", "'--prot'"], words => Assert.Contains(words, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Port_InUse_IsRefusedAndSaysWithWhichOptionToChooseAnother()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (exitCode, _, error) = await AppHostProcess.RunAsync(["--demo", "--port", $"{port}"]);

        Assert.Equal(UsageError, exitCode);
        Assert.Contains($"Port {port} is in use", error, StringComparison.Ordinal);
        Assert.Contains("--port", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Forwarding__ConnectTimeout", "soon", "Forwarding:ConnectTimeout is 'soon'")]
    // The gateway waits for the service that ends here.
    [InlineData("Billing__Timeout", "soon", "Billing:Timeout is 'soon'")]
    public async Task Setting_ThatAServiceCantUse_EndsTheAppWithTheServicesLines(string variable, string value, string line)
    {
        var (exitCode, output, error) = await AppHostProcess.RunAsync(["--demo", "--port", "0", "--cache", "none"], (variable, value));

        Assert.Equal(ConfigurationError, exitCode);
        Assert.Contains(line, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("is ready", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Access:AllowAnonymous is 'perhaps'", "--Access:AllowAnonymous=perhaps")]
    [InlineData("Forwarding:ConnectTimeout is 'soon'", "--Forwarding:ConnectTimeout", "soon")]
    [InlineData("Listen:HeadTimeout is 'soon'", "--Listen:HeadTimeout=soon")]
    [InlineData("Access:Keyz is not a setting", "--Access:Keyz=x")]
    [InlineData("ROUTE_PREFIX is", "--ROUTE_PREFIX=/a b")]
    public async Task Argument_ThatIsASettingOfTheServices_ReachesThem(string line, params string[] args)
    {
        var (exitCode, output, error) = await AppHostProcess.RunAsync([.. args, "--demo", "--port", "0", "--cache", "none"]);

        Assert.Equal(ConfigurationError, exitCode);
        Assert.Contains(line, output + error, StringComparison.Ordinal);
    }
}
