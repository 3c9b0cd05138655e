using OpenAIProxy.Contracts;

namespace OpenAIProxy.Gateway.Tests.Metering;

public sealed class ServiceTierTests
{
    [Theory]
    [InlineData("default", "2h", "2h")]
    [InlineData("default", "8h", "8h")]
    [InlineData("default", "soonest", "default")]
    [InlineData("default", "24h", "default")]
    [InlineData("default", null, "default")]
    [InlineData("flex", "8h", "flex")]
    [InlineData("priority", "2h", "priority")]
    public void Tier_InACompletionWindow_IsTheWindowOfTheStandardTierOnly(string tier, string? window, string expected)
        => Assert.Equal(expected, ServiceTier.InWindow(tier, window));
}
