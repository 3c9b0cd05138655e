using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>Access keys with rules: what each may do, and what is wrong with them.</summary>
public sealed class KeyRulesTests
{
    private const string Item = "Access:Keys:0:";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Key_ByItselfOrByItsHash_OpensTheGateway(bool byHash)
    {
        await using var rig = await Rig.StartAsync(byHash ? (Item + "Sha256", Hash(Keys.Access)) : (Item + "Key", Keys.Access));

        var (request, _) = await rig.ExchangeAsync(Ask("GET /v1/models"));

        Assert.Equal([$"Bearer {Keys.Operator}"], request.Head.All("Authorization"));
        Assert.Equal(401, (await rig.RefusedAsync(Ask("GET /v1/models", Keys.SecondAccess))).Head.Status);
    }

    [Fact]
    public async Task Key_ThatIsSwitchedOff_Gets401()
    {
        await using var rig = await Rig.StartAsync((Item + "Key", Keys.Access), (Item + "Enabled", "false"), ("Access:Keys:1", Keys.SecondAccess));

        var answer = await rig.RefusedAsync(Ask("GET /v1/models"));

        Assert.Equal((401, "invalid_api_key"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.Contains("switched off", answer.Text, StringComparison.Ordinal);
        await rig.ExchangeAsync(Ask("GET /v1/models", Keys.SecondAccess));
    }

    [Fact]
    public async Task Key_WhoseTimeIsOver_Gets401FromThatMomentOn()
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2027-01-30T23:59:59Z", null));
        await using var rig = await Rig.StartAsync(time, (Item + "Key", Keys.Access), (Item + "Expires", "2027-01-31"));
        await rig.ExchangeAsync(Ask("GET /v1/models"));

        time.Advance(TimeSpan.FromSeconds(1));

        var answer = await rig.RefusedAsync(Ask("GET /v1/models"));
        Assert.Equal((401, "invalid_api_key"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
        Assert.Contains("its time is over", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.0/8", 200)]
    [InlineData("10.0.0.0/8 127.0.0.1", 200)]
    [InlineData("10.0.0.0/8", 403)]
    public async Task Key_OfANetwork_OpensTheGatewayOnlyFromThere(string networks, int status)
    {
        await using var rig = await Rig.StartAsync((Item + "Key", Keys.Access), (Item + "Networks", networks));

        Assert.Equal(status, await StatusAsync(rig, "GET /v1/models", status == 200));
    }

    [Theory]
    [InlineData("GET /v1/files", 200)]
    [InlineData("GET /v1/files/file-1/content", 200)]
    [InlineData("GET /v1/embeddings", 200)]
    [InlineData("GET /v1/embeddings/", 403)]
    [InlineData("GET /v1/embeddings2", 403)]
    [InlineData("GET /v1/filesystem", 403)]
    [InlineData("GET /v1/models", 403)]
    [InlineData("GET /embeddings", 403)]
    [InlineData("GET /v1/%65mbeddings", 200)]
    public async Task Key_WithEndpoints_MayCallNoOthers(string request, int status)
    {
        await using var rig = await Rig.StartAsync(
            (Item + "Key", Keys.Access), (Item + "Endpoints:0", "/v1/files/*"), (Item + "Endpoints:1", "/v1/embeddings"));

        Assert.Equal(status, await StatusAsync(rig, request, status == 200));
    }

    [Fact]
    public async Task Endpoint_ThatIsNotAllowed_IsToldInOpenAIsShape()
    {
        await using var rig = await Rig.StartAsync((Item + "Key", Keys.Access), (Item + "Endpoints", "/v1/embeddings"));

        var answer = await rig.RefusedAsync(Ask("GET /v1/models"));

        Assert.Equal((403, "endpoint_not_allowed"), (answer.Head.Status, ErrorObject.Parse(answer.Text).Code));
    }

    [Theory]
    [InlineData("Name", "two words", "Access:Keys:0:Name is 'two words'; allowed: 1 to 64 characters")]
    [InlineData("Name", "fk-swapped", "Access:Keys:0:Name has a value that can't be used")]
    [InlineData("Team", "a:b", "Access:Keys:0:Team is 'a:b'")]
    [InlineData("Owner", "x\u0001 fk-test-access", "Access:Keys:0:Owner has a value that can't be used")]
    [InlineData("Enabled", "sk-test-operator", "Access:Keys:0:Enabled has a value that can't be used")]
    [InlineData("Expires", "FK-test-access", "Access:Keys:0:Expires has a value that can't be used")]
    [InlineData("Budgets", "5/day;sk-test-operator", "Access:Keys:0:Budgets has a value that can't be used")]
    [InlineData("Enabled", "perhaps", "Access:Keys:0:Enabled is 'perhaps'; allowed: true or false.")]
    [InlineData("Expires", "31.01.2027", "Access:Keys:0:Expires is '31.01.2027'; allowed: a date")]
    [InlineData("Networks", "10.0.0.0/33", "Access:Keys:0:Networks is '10.0.0.0/33'")]
    [InlineData("Endpoints", "v1/models", "Access:Keys:0:Endpoints is 'v1/models'")]
    [InlineData("Endpoints", "/v1/*/x", "Access:Keys:0:Endpoints is '/v1/*/x'")]
    [InlineData("Sha256", "abc", "Access:Keys:0:Key has a value that can't be used; allowed: visible ASCII characters that begin with fk-, at most 512; or Sha256")]
    [InlineData("Nmae", "ann", "Access:Keys:0:Nmae is not a setting. Did you mean Name?")]
    [InlineData("Limitations", "ann", "Access:Keys:0:Limitations is not a setting. Fields of an item of Access:Keys: Name, Key, Sha256,")]
    public void Field_ThatIsWrong_StopsTheStartAndIsNamed(string field, string value, string told)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(
            ("OpenAI:ApiKey", Keys.Operator), (Item + "Key", Keys.Access), (Item + field, value)));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Keys.Access, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Key", "sk-somebodys", "Access:Keys:0:Key has a value that can't be used")]
    [InlineData("Sha256", "9f86d081", "Access:Keys:0:Sha256 has a value that can't be used; allowed: 64 hexadecimal digits.")]
    [InlineData("Name", "ann", "Access:Keys:0:Key has a value that can't be used")]
    public void Secret_ThatIsWrongOrMissing_StopsTheStart(string field, string value, string told)
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("OpenAI:ApiKey", Keys.Operator), (Item + field, value)));

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_ThatIsThereTwice_StopsTheStart()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(
            ("OpenAI:ApiKey", Keys.Operator), (Item + "Key", Keys.Access), ("Access:Keys:1:Sha256", Hash(Keys.Access))));

        Assert.Contains("Access:Keys:1 is a key that is there already", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_ThatIsTheOperators_StopsTheStartByItsHash()
    {
        var error = Assert.Throws<SettingsException>(() => GatewayHost.Build(("OpenAI:ApiKey", Keys.Operator), (Item + "Sha256", Hash(Keys.Operator))));

        Assert.Contains("holds a key that is also in OpenAI:ApiKey", error.Message, StringComparison.Ordinal);
    }

    private static async Task<int> StatusAsync(Rig rig, string request, bool passes)
        => passes ? (await rig.ExchangeAsync(Ask(request))).Answer.Head.Status : (await rig.RefusedAsync(Ask(request))).Head.Status;

    private static string Ask(string request, string key = Keys.Access) => Rig.Request(request, $"Authorization: Bearer {key}");

    private static string Hash(string key) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(key)));
}
