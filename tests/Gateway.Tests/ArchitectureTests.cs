using System.Reflection;
using NetArchTest.Rules;

namespace OpenAIProxy.Gateway.Tests;

/// <summary>Which folder of the gateway may know which.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "OpenAIProxy.Gateway";

    private static readonly Assembly Gateway = typeof(Program).Assembly;

    [Theory]
    [InlineData("Access")]
    [InlineData("Billing")]
    [InlineData("Forwarding")]
    [InlineData("Keys")]
    [InlineData("Listening")]
    [InlineData("Paths")]
    [InlineData("Stopping")]
    public void Folder_KnowsNothingOfMetering(string folder) => KnowsNothing(folder, $"{Root}.Metering", "OpenAIProxy.Usage");

    [Theory]
    [InlineData("Access")]
    [InlineData("Billing")]
    [InlineData("Forwarding")]
    [InlineData("Keys")]
    [InlineData("Listening")]
    [InlineData("Metering")]
    [InlineData("Paths")]
    [InlineData("Stopping")]
    public void Folder_KnowsNothingOfTheChatLog(string folder) => KnowsNothing(folder, $"{Root}.ChatLog");

    [Theory]
    [InlineData("Access")]
    [InlineData("Billing")]
    [InlineData("ChatLog")]
    [InlineData("Forwarding")]
    [InlineData("Listening")]
    [InlineData("Metering")]
    [InlineData("Models")]
    [InlineData("Paths")]
    [InlineData("Stopping")]
    public void Folder_KnowsNothingOfLimits(string folder) => KnowsNothing(folder, $"{Root}.Limits");

    [Fact]
    public void StoresOfLimits_KnowNothingOfCalls() => KnowsNothing("Limits.Stores", $"{Root}.Access", $"{Root}.Forwarding", $"{Root}.Metering");

    [Fact]
    public void Forwarding_KnowsNothingOfBillingAndPages() => KnowsNothing("Forwarding", $"{Root}.Billing", $"{Root}.Pages");

    // Each is given its own section. The whole is known to Program and to commands, which compose.
    [Theory]
    [InlineData("Access")]
    [InlineData("Billing")]
    [InlineData("ChatLog")]
    [InlineData("Forwarding")]
    [InlineData("Keys")]
    [InlineData("Limits")]
    [InlineData("Listening")]
    [InlineData("Metering")]
    [InlineData("Pages")]
    [InlineData("Paths")]
    [InlineData("Stopping")]
    public void Folder_KnowsNothingOfAllSettings(string folder) => KnowsNothing(folder, $"{Root}.Configuration");

    [Theory]
    [InlineData(Root)]
    [InlineData("OpenAIProxy.Usage")]
    [InlineData("OpenAIProxy.UsageJournal")]
    public void Namespaces_HaveNoCircle(string project)
    {
        var assembly = Assembly.Load(project["OpenAIProxy.".Length..]);
        Assert.Contains(assembly.GetTypes(), type => NamespaceCircles.IsOf(type, project));

        Assert.Empty(NamespaceCircles.Find(assembly, project));
    }

    private static void KnowsNothing(string folder, params string[] others)
    {
        var types = Types.InAssembly(Gateway).That().ResideInNamespace($"{Root}.{folder}");
        Assert.NotEmpty(types.GetTypes());

        var result = types.ShouldNot().HaveDependencyOnAny(others).GetResult();

        Assert.Empty(result.FailingTypeNames ?? []);
    }
}
