using OpenAIProxy.Gateway.Limits;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Tests.Limits;

/// <summary>Limits as they are set: what can't be used, or would not be enforced, stops the start and is named.</summary>
public sealed class LimitSettingsTests
{
    [Theory]
    [InlineData("Limits:Keys:Requests", "60")]
    [InlineData("Limits:Keys:Concurrency", "0")]
    [InlineData("Limits:Addresses:Requests", "1/fortnight")]
    [InlineData("Limits:Total:Concurrency", "5/minute")]
    [InlineData("Limits:Teams:red:Requests", "many")]
    [InlineData("Limits:Teams:red:Concurrency", "-1")]
    [InlineData("Limits:Wait", "2m")]
    [InlineData("Limits:OnStoreFailure", "Maybe")]
    [InlineData("Limits:Replicas", "0")]
    [InlineData("Limits:CachedInput", "perhaps")]
    [InlineData("Access:Keys:0:Limits:Requests", "1/0 minutes")]
    public void WrongValue_IsAnErrorThatNamesIt(string name, string value)
        => Assert.Contains(Errors((name, value)), error => error.StartsWith($"{name} is '{value}'; allowed: ", StringComparison.Ordinal));

    [Theory]
    [InlineData("Limits:Keys:Request", "1/minute")]
    [InlineData("Limits:Teams:red:Reqests", "1/minute")]
    [InlineData("Access:Keys:0:Limits:Request", "1/minute")]
    public void UnknownName_IsAnError(string name, string value)
        => Assert.Contains(Errors((name, value)), error => error.StartsWith($"{name} is not a setting.", StringComparison.Ordinal));

    [Fact]
    public void TeamsAsAText_AreAnError()
        => Assert.Contains(Errors(("Limits:Teams", "red")), error => error.StartsWith("Limits:Teams is 'red'; allowed: ", StringComparison.Ordinal));

    [Theory]
    [InlineData("Limits:Keys:Tokens", "Limits:Keys:Tokens")]
    [InlineData("Limits:Addresses:InputTokens", "Limits:Addresses:InputTokens")]
    [InlineData("Limits:Total:OutputTokens", "Limits:Total:OutputTokens")]
    [InlineData("Limits:Teams:red:Tokens", "Limits:Teams:red:Tokens")]
    [InlineData("Access:Keys:0:Limits:OutputTokens", "Access:Keys (ann) Limits:OutputTokens")]
    public void TokensWithoutMetering_AreAnErrorThatNamesThem(string name, string named)
        => Assert.Contains(Errors((name, "1000/minute")), error => error.StartsWith($"{named} is set, but usage is not counted", StringComparison.Ordinal));

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(120, "120ms")]
    [InlineData(999, "999ms")]
    [InlineData(1_000, "1s")]
    [InlineData(1_150, "1.2s")]
    [InlineData(59_900, "59.9s")]
    [InlineData(59_901, "1m0s")]
    [InlineData(360_000, "6m0s")]
    [InlineData(3_599_001, "1h0m0s")]
    [InlineData(90_061_000, "25h1m1s")]
    public void Duration_IsWrittenAsOpenAIDoes(long milliseconds, string text) => Assert.Equal(text, GoDuration.Format(milliseconds));

    private static IReadOnlyList<string> Errors(params (string, string)[] settings)
    {
        var e = Assert.Throws<SettingsException>(() => GatewayHost.Build(
            [
                ("OpenAI:BaseUrl", "http://127.0.0.1:9"), ("OpenAI:ApiKey", Keys.Operator), ("Access:Keys:0:Key", Keys.Access),
                ("Access:Keys:0:Name", "ann"), .. settings,
            ]));
        return e.Errors;
    }
}
