using System.Net;
using System.Net.Sockets;
using OpenAIProxy.Gateway.Listening;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Listening;

/// <summary>Out of descriptors a process of .NET aborts: connections leave it enough of them, whatever the limit is.</summary>
public sealed class DescriptorTests
{
    private const int Limit = 1500;
    private const int Connections = 1800;

    [Fact]
    public async Task Connections_ThatSendNothing_MoreThanDescriptors_HarmNobody()
    {
        await using var upstream = new RawUpstream();
        await using var gateway = await GatewayProcess.StartAsync(
            $"ulimit -n {Limit}", $"--OpenAI:BaseUrl={upstream.Address}", $"--OpenAI:ApiKey={Keys.Operator}");
        var silent = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => ConnectAsync(gateway.Address)));

        Assert.Equal(200, await CallAsync(gateway, upstream));
        Assert.True(gateway.Lives, "The gateway has ended.");
        Assert.InRange(gateway.Descriptors, 1, Limit - 100);

        Array.ForEach(silent, s => s.Dispose());
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(200, await CallAsync(gateway, upstream));
        }

        await HangGuard.Until(() => gateway.Descriptors < Limit / 4, "the descriptors are free again");
    }

    [Fact]
    public void Limit_IsReadFromWhatLinuxSays()
    {
        Assert.Equal(1024, DescriptorLimit.Parse(["Limit    Soft Limit           Hard Limit           Units", "Max open files            1024                 524288               files"]));
        Assert.Null(DescriptorLimit.Parse(["Max open files            unlimited            unlimited            files"]));
        Assert.Null(DescriptorLimit.Parse([]));
    }

    [Theory]
    [InlineData(1500L, 550, 275)]
    [InlineData(1024L, 312, 156)]
    [InlineData(64L, 16, 8)]
    [InlineData(1048576L, 524088, 262044)]
    [InlineData(null, 1_000_000, 500_000)]
    public void Limits_ByDefault_LeaveEachCallTwoDescriptorsAndTheRestAReserve(long? descriptors, int connections, int webSockets)
    {
        var settings = ListenSettings.Read(ReaderOf(), descriptors);

        Assert.Equal((connections, webSockets), (settings.MaxConnections, settings.MaxWebSockets));
    }

    [Theory]
    [InlineData("Listen:MaxConnections", "0")]
    [InlineData("Listen:MaxConnections", "many")]
    [InlineData("Listen:MaxConnections", "800")]
    [InlineData("Listen:MaxWebSockets", "313")]
    [InlineData("Listen:HeadTimeout", "0")]
    [InlineData("Listen:SlowBodyTimeout", "1s")]
    public void Setting_ThatCantBe_IsAnError(string name, string value)
    {
        var reader = ReaderOf((name, value));
        ListenSettings.Read(reader, 1024);

        Assert.Contains(name, Assert.Single(Assert.Throws<SettingsException>(reader.ThrowIfInvalid).Errors), StringComparison.Ordinal);
    }

    private static SettingsReader ReaderOf(params (string Name, string Value)[] settings) => new(
        new Microsoft.Extensions.Configuration.ConfigurationBuilder()
            .Add(new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource
            {
                InitialData = settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)),
            }).Build(),
        ListenSettings.All);

    // Refused or closed is fine too: what matters is the gateway.
    private static async Task<Socket> ConnectAsync(Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, address.Port).Guarded();
        }
        catch (SocketException)
        {
        }

        return socket;
    }

    private static async Task<int> CallAsync(GatewayProcess gateway, RawUpstream upstream)
    {
        await using var client = await RawConnection.ConnectAsync(gateway.Address);
        await client.SendAsync(Rig.Request("GET /v1/models"));
        await upstream.AnswerAsync(Rig.Ok);
        return (await client.ReadMessageAsync()).Head.Status;
    }
}
