using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenAIProxy.BillingService.Tests.Upstream;

public sealed class UpstreamErrorsTests
{
    private const string Usage = "/dashboard/billing/usage?start_date=2026-03-01&end_date=2026-03-02";
    private const string Grants = "/billing/credit_grants";
    private const string TooMany = """{"error":{"message":"Rate limit reached", "type":"requests","param":null,"code":"rate_limit_exceeded"}}""";

    public static TheoryData<string, string> Routes { get; } = new()
    {
        { Usage, Keys.Secret }, { Grants, Keys.Secret }, { "/dashboard/billing/subscription", Keys.Secret },
        { Grants, Keys.Session }, { Usage, Keys.Admin }, { Grants, Keys.Admin }, { "/dashboard/billing/subscription", Keys.Admin },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Error_OfUpstream_KeepsStatusBodyAndRetryAfter(string target, string key)
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.AnswerWith(429, TooMany, "application/json", ("Retry-After", "17"), ("x-request-id", "req_1"), ("Set-Cookie", "a=b"));

        var answer = await rig.Billing.GetAsync(target, key);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Equal(TooMany, answer.Text);
        Assert.Equal("application/json", answer.Headers["Content-Type"]);
        Assert.Equal("17", answer.Headers["Retry-After"]);
        Assert.Equal("req_1", answer.Headers["x-request-id"]);
        Assert.Equal("upstream", answer.Headers["x-openaiproxy-source"]);
        Assert.Equal("miss", answer.Cache);
        Assert.DoesNotContain("Set-Cookie", answer.Headers.Keys);
    }

    [Theory]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}""", "application/json")]
    [InlineData(503, "<html>Bad gateway</html>", "text/html")]
    [InlineData(500, "", null)]
    [InlineData(404, "", null)]
    public async Task Error_OfAnyShape_PassesAsItCame(int status, string body, string? contentType)
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.AnswerWith(status, body, contentType);

        var answer = await rig.Billing.GetAsync(Usage);

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal(body, answer.Text);
        Assert.Equal(contentType, answer.Headers.GetValueOrDefault("Content-Type"));
    }

    [Fact]
    public async Task Error_OfOneWindow_IsTheAnswerToTheWholeQuery()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Instead = async context =>
        {
            if (!context.Request.QueryString.Value!.Contains("end_date=2026-01-01", StringComparison.Ordinal))
            {
                return false;
            }

            context.Response.StatusCode = 500;
            await context.Response.Body.WriteAsync("{}"u8.ToArray());
            return true;
        };

        var answer = await rig.Billing.GetAsync("/dashboard/billing/usage?start_date=2023-01-01&end_date=2026-01-01");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Equal("{}", answer.Text);
    }

    [Fact]
    public async Task Error_InAnAnswerWithStatus200_Is502WithItsBody()
    {
        await using var rig = await BillingRig.StartAsync();
        const string Body = """{"error":{"message":"no such token","type":"new_api_error"}}""";
        rig.Upstream.AnswerWith(200, Body);

        foreach (var target in (string[])[Usage, Grants, "/dashboard/billing/subscription"])
        {
            var answer = await rig.Billing.GetAsync(target);

            Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
            Assert.Equal(Body, answer.Text);
        }
    }

    [Theory]
    [InlineData(200, "<html></html>")]
    [InlineData(200, "")]
    [InlineData(200, "[1]")]
    [InlineData(200, "12")]
    [InlineData(200, """{"object":"list","total_usage":1""")]
    [InlineData(200, """{"object":"list"}""")]
    [InlineData(200, """{"object":"list","daily_costs":[],"total_usage":null}""")]
    [InlineData(200, """{"object":"list","daily_costs":[],"total_usage":"much"}""")]
    [InlineData(200, """{"object":"list","daily_costs":[],"total_usage":1e400}""")]
    [InlineData(204, "")]
    [InlineData(301, "")]
    [InlineData(206, """{"total_usage":1}""")]
    public async Task Answer_ThatIsNone_Is502(int status, string body)
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Instead = async context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = "/elsewhere";
            if (body.Length > 0)
            {
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
            }

            return true;
        };

        var answer = await rig.Billing.GetAsync(Usage);

        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Equal("upstream_invalid_response", answer.Error.Code);
        Assert.Equal("server_error", answer.Error.Type);
        Assert.Single(rig.Upstream.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_OfMoreThan16Megabytes_Is502EvenIfItIsSmallOnTheWire(bool compressed)
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Instead = async context =>
        {
            Stream body = context.Response.Body;
            if (compressed)
            {
                context.Response.Headers.ContentEncoding = "gzip";
                body = new GZipStream(body, CompressionLevel.Fastest);
            }

            var chunk = Encoding.ASCII.GetBytes(new string(' ', 1024 * 1024));
            try
            {
                // Whoever read it all would find an answer.
                await body.WriteAsync("""{"total_usage":1}"""u8.ToArray());
                for (var i = 0; i < 17; i++)
                {
                    await body.WriteAsync(chunk);
                }

                await body.DisposeAsync();
            }
            catch (IOException)
            {
                // It has seen enough.
            }

            return true;
        };

        var answer = await rig.Billing.GetAsync(Usage);

        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Equal("upstream_invalid_response", answer.Error.Code);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Answer_ThatIsCompressed_IsRead(string encoding)
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Instead = async context =>
        {
            context.Response.Headers.ContentEncoding = encoding;
            await using Stream body = encoding == "br"
                ? new BrotliStream(context.Response.Body, CompressionLevel.Fastest)
                : new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await body.WriteAsync("""{"daily_costs":[],"total_usage":7}"""u8.ToArray());
            return true;
        };

        var answer = await rig.Billing.GetAsync(Usage);

        Assert.Equal("""{"daily_costs":[],"total_usage":7}""", answer.Text);
        Assert.DoesNotContain("Content-Encoding", answer.Headers.Keys);
    }

    [Fact]
    public async Task Upstream_ThatIsNotThere_Is502Unreachable()
    {
        // A port that stays taken, and where nobody ever listens.
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var billing = await BillingHost.StartAsync(new Uri($"http://{nobody.LocalEndPoint}"));

        foreach (var key in (string[])[Keys.Secret, Keys.Session, Keys.Admin])
        {
            var answer = await billing.GetAsync(Grants, key);

            Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
            Assert.Equal("upstream_unreachable", answer.Error.Code);
            Assert.Equal("upstream", answer.Headers["x-openaiproxy-source"]);
        }
    }

    [Fact]
    public async Task Upstream_ThatSaysNothing_Is504()
    {
        await using var rig = await BillingRig.StartAsync(("Billing:Timeout", "200ms"));
        rig.Upstream.Hold();

        var answer = await rig.Billing.GetAsync(Usage);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
        Assert.Equal("upstream_timeout", answer.Error.Code);
    }

    [Fact]
    public async Task Upstream_ThatStopsInItsAnswer_Is502()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.Instead = async context =>
        {
            context.Response.ContentLength = 100;
            await context.Response.Body.WriteAsync("""{"total_usage":1"""u8.ToArray());
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        };

        var answer = await rig.Billing.GetAsync(Usage);

        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.StartsWith("upstream_", answer.Error.Code, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_IsNotCached()
    {
        await using var rig = await BillingRig.StartAsync();
        rig.Upstream.AnswerWith(500, "{}");
        await rig.Billing.GetAsync(Usage);
        rig.Upstream.Instead = _ => Task.FromResult(false);

        var answer = await rig.Billing.GetAsync(Usage);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("miss", answer.Cache);
    }
}
