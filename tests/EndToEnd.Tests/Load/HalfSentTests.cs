using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using OpenAIProxy.EndToEnd.Tests.Metering;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Load;

/// <summary>Thousands of callers who announce a body and don't send it take nothing from a gateway that others use.</summary>
public sealed partial class HalfSentTests
{
    private const int Megabyte = 1024 * 1024;

    [Fact]
    public async Task Gateway_Of512Megabytes_SurvivesAThousandAnnouncedBodies()
        => await WithstandAsync(1000, "", ("DOTNET_GCHeapHardLimit", "0x20000000"));

    [Theory]
    [InlineData("")]
    [InlineData("{\"model\":\"gpt-4o-mini\",\"messages\":[")]
    public async Task Gateway_WithTenThousandHalfSentRequests_ServesOthersInLittleMemory(string begun)
    {
        var count = Math.Min(10_000, (OpenFiles() / 2) - 1000);
        Assert.True(count > 0, $"Only {OpenFiles()} files may be open here, too few for callers and gateway: ulimit -n.");
        Assert.InRange(await WithstandAsync(count, begun), 0, 300 * Megabyte);
    }

    // Returns how much memory the gateway takes then.
    private static async Task<long> WithstandAsync(int count, string begun, params (string, string)[] settings)
    {
        await using var upstream = await AppUpstream.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.Body.WriteAsync("{}"u8.ToArray()).AsTask();
        });
        var journal = Directory.CreateTempSubdirectory("half-sent-");
        try
        {
            await using var gateway = new Service(
                "Gateway",
                [("OpenAI__BaseUrl", upstream.Address.ToString()), ("Access__AllowCallerKeys", "true"), .. Metered(journal), .. settings]);
            await gateway.StartAsync();
            return await WithstandAsync(gateway, count, begun);
        }
        finally
        {
            journal.Delete(recursive: true);
        }
    }

    private static async Task<long> WithstandAsync(Service gateway, int count, string begun)
    {
        var request = Encoding.ASCII.GetBytes(
            "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sk-made-up\r\nContent-Length: 262144\r\n\r\n" + begun);
        var clients = new List<Socket>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                clients.Add(new Socket(SocketType.Stream, ProtocolType.Tcp));
                await clients[^1].ConnectAsync(gateway.Address.Host, gateway.Address.Port).Guarded();
                await clients[^1].SendAsync(request);
            }

            using var http = new HttpClient { BaseAddress = gateway.Address, Timeout = HangGuard.Limit };
            http.DefaultRequestHeaders.Authorization = new("Bearer", "sk-other");
            for (var i = 0; i < 20; i++)
            {
                using var answer = await http.PostAsync("/v1/chat/completions", new StringContent("{\"model\":\"m\"}"));
                Assert.Equal("{}", await answer.Content.ReadAsStringAsync());
            }

            return gateway.Memory();
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    // Nobody listens there: usage stays in the journal.
    private static (string, string)[] Metered(DirectoryInfo journal) =>
    [
        ("services__billing__http__0", "http://127.0.0.1:9"), ("Internal__Token", "0123456789abcdef"),
        ("Metering__JournalDirectory", journal.FullName),
    ];

    private static int OpenFiles()
        => int.Parse(Limit().Match(File.ReadAllText("/proc/self/limits")).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Max open files\s+\d+\s+(\d+)")]
    private static partial Regex Limit();
}
