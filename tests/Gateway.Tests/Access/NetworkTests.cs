namespace OpenAIProxy.Gateway.Tests.Access;

/// <summary>Who may call, by address: the socket's, or that in X-Forwarded-For, which only a listed proxy is believed.</summary>
public sealed class NetworkTests
{
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("0.0.0.0/0", true)]
    [InlineData("10.0.0.0/8, 127.0.0.1/32", true)]
    [InlineData("10.0.0.0/8", false)]
    [InlineData("127.0.0.2", false)]
    [InlineData("128.0.0.0/1", false)]
    [InlineData("::/0", false)]
    public async Task AllowedNetworks_DecideOnTheSocketsAddress(string networks, bool allowed)
        => await AssertAsync(allowed, [], ("IP_WHITELIST", networks));

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.0.0.0/8", false)]
    [InlineData("10.0.0.0/8 127.0.0.1", false)]
    [InlineData("10.0.0.0/8", true)]
    public async Task DeniedNetworks_DecideOnTheSocketsAddress(string networks, bool allowed)
        => await AssertAsync(allowed, [], ("IP_BLACKLIST", networks));

    [Fact]
    public async Task DeniedNetworks_WinOverAllowedOnes()
        => await AssertAsync(false, [], ("Access:AllowedNetworks", "127.0.0.0/8"), ("Access:DeniedNetworks", "127.0.0.1"));

    [Theory]
    [InlineData("::1", true)]
    [InlineData("::1/128", true)]
    [InlineData("::/64", true)]
    [InlineData("::/0", true)]
    [InlineData("2001:db8::/32", false)]
    [InlineData("127.0.0.1", false)]
    public async Task AllowedNetworks_OnIPv6_Decide(string networks, bool allowed)
        => await AssertAsync(allowed, [], ("urls", "http://[::1]:0"), ("Access:AllowedNetworks", networks));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task AllowedNetworks_OnADualStackSocket_MeanIPv4(string networks, bool allowed)
        => await AssertAsync(allowed, [], ("urls", "http://[::]:0"), ("Access:AllowAnonymous", "true"), ("Access:AllowedNetworks", networks));

    [Fact]
    public async Task DeniedNetworks_OnADualStackSocket_MeanIPv4()
        => await AssertAsync(false, [], ("urls", "http://[::]:0"), ("Access:AllowAnonymous", "true"), ("Access:DeniedNetworks", "127.0.0.1"));

    [Theory]
    [InlineData("X-Forwarded-For: 203.0.113.9")]
    [InlineData("X-Real-IP: 203.0.113.9")]
    [InlineData("Forwarded: for=203.0.113.9")]
    [InlineData("True-Client-IP: 203.0.113.9")]
    [InlineData("CF-Connecting-IP: 203.0.113.9")]
    public async Task ForwardedAddress_FromNoTrustedProxy_IsNotBelieved(string line)
    {
        await AssertAsync(false, [line], ("Access:AllowedNetworks", "203.0.113.0/24"));
        await AssertAsync(false, [line], ("Access:AllowedNetworks", "203.0.113.0/24"), ("Access:TrustedProxies", "10.0.0.0/8"));
        await AssertAsync(true, [line], ("Access:DeniedNetworks", "203.0.113.0/24"));
    }

    [Fact]
    public async Task ForwardedAddress_WithThePlatformsSwitch_IsNotBelieved()
        => await AssertAsync(
            false,
            ["X-Forwarded-For: 203.0.113.9"],
            ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"),
            ("Access:AllowedNetworks", "203.0.113.0/24"));

    [Theory]
    [InlineData("203.0.113.9", true)]
    [InlineData("203.0.113.9:4711", true)]
    [InlineData("  203.0.113.9  ", true)]
    [InlineData("::ffff:203.0.113.9", true)]
    [InlineData("2001:db8::9", true)]
    [InlineData("[2001:db8::9]:4711", true)]
    [InlineData("198.51.100.7", false)]
    [InlineData("2001:db9::9", false)]
    // Whoever the proxy saw stands last; what stands before was said by that one and may be made up.
    [InlineData("203.0.113.9, 198.51.100.7", false)]
    [InlineData("198.51.100.7, 203.0.113.9", true)]
    [InlineData("203.0.113.9, 10.1.1.1", true)]
    [InlineData("203.0.113.9, 10.1.1.1, 127.0.0.1", true)]
    [InlineData("198.51.100.7, 10.1.1.1", false)]
    [InlineData("unknown", false)]
    [InlineData("203.0.113.9, unknown", false)]
    [InlineData("203.0.113.9, _hidden, 10.1.1.1", false)]
    [InlineData("", false)]
    public async Task ForwardedAddress_FromATrustedProxy_IsTheLastUntrustedOne(string forwardedFor, bool allowed)
        => await AssertAsync(
            allowed,
            [$"X-Forwarded-For: {forwardedFor}"],
            ("Access:TrustedProxies", "127.0.0.1, 10.0.0.0/8"),
            ("Access:AllowedNetworks", "203.0.113.0/24 2001:db8::/32"));

    [Fact]
    public async Task ForwardedAddress_InTwoLines_IsReadAsOneList()
    {
        (string, string)[] settings = [("Access:TrustedProxies", "127.0.0.1"), ("Access:AllowedNetworks", "203.0.113.0/24")];

        await AssertAsync(true, ["X-Forwarded-For: 198.51.100.7", "X-Forwarded-For: 203.0.113.9"], settings);
        await AssertAsync(false, ["X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 198.51.100.7"], settings);
    }

    [Fact]
    public async Task TrustedProxy_WithoutForwardedAddress_IsTheClientItself()
        => await AssertAsync(true, [], ("Access:TrustedProxies", "127.0.0.1"), ("Access:AllowedNetworks", "127.0.0.1"));

    [Fact]
    public async Task DeniedAddress_BehindATrustedProxy_IsRefused()
        => await AssertAsync(
            false,
            ["X-Forwarded-For: 203.0.113.9"],
            ("Access:TrustedProxies", "127.0.0.1"),
            ("Access:DeniedNetworks", "203.0.113.9"));

    private static async Task AssertAsync(bool allowed, string[] headers, params (string, string)[] settings)
    {
        await using var rig = await Rig.StartAsync([("Access:AllowAnonymous", "true"), .. settings]);
        var request = Rig.Request("GET /v1/models", headers);
        if (allowed)
        {
            var (_, passed) = await rig.ExchangeAsync(request);
            Assert.Equal(200, passed.Head.Status);
            return;
        }

        var refused = await rig.RefusedAsync(request);
        Assert.Equal(403, refused.Head.Status);
        Assert.Equal("ip_not_allowed", ErrorObject.Parse(refused.Text).Code);
    }
}
