using System.Reflection;
using NetArchTest.Rules;

namespace OpenAIProxy.BillingService.Tests;

/// <summary>Which folder may know which. Whatever the arrows say, no namespace knows itself by way of another.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "OpenAIProxy.BillingService";

    private static readonly Assembly Service = typeof(Program).Assembly;

    // Commands compose, as Program does. Telemetry is known by all.
    private static readonly string[] Outside = ["Commands", "Telemetry"];

    public static TheoryData<string, string[]> Arrows => new()
    {
        { "Answers", [] },
        { "Ledger", ["Answers"] },
        { "Accounts", ["Answers", "Ledger"] },
        { "SignIn", ["Accounts", "Ledger"] },
        { "Keys", ["Accounts", "Answers", "Ledger", "SignIn"] },
        { "Caching", ["Accounts", "Answers"] },
        { "Upstream", ["Accounts", "Answers", "Caching"] },
        { "Reports", ["Answers", "Keys", "Ledger"] },
        { "Budgets", ["Answers", "Keys", "Reports"] },
        { "Alerts", ["Answers", "Ledger"] },
        { "Focus", ["Answers", "Ledger", "Reports"] },
        { "Configuration", ["Accounts", "Alerts", "Caching", "Ledger", "Queries", "Reports", "SignIn", "Upstream"] },
        { "Queries", ["Accounts", "Answers", "Focus", "Ledger", "Reports", "Upstream"] },
        { "Pages", ["Accounts", "Answers", "Budgets", "Focus", "Keys", "Ledger", "Reports", "SignIn"] },
    };

    [Theory]
    [MemberData(nameof(Arrows))]
    public void Folder_KnowsOnlyThoseBelowIt(string folder, string[] below)
    {
        var others = Folders().Except([folder, .. below, .. Outside[1..]]).Select(other => $"{Root}.{other}").ToArray();

        var result = Types.InAssembly(Service).That().ResideInNamespace($"{Root}.{folder}").ShouldNot().HaveDependencyOnAny(others).GetResult();

        Assert.Empty(result.FailingTypeNames ?? []);
    }

    [Fact]
    public void Folders_AreAllInTheTable()
        => Assert.Equal(Folders().Order(), Arrows.Select(row => row.Data.Item1).Concat(Outside).Order());

    [Fact]
    public void Namespaces_HaveNoCircle() => Assert.Empty(NamespaceCircles.Find(Service, Root));

    private static IEnumerable<string> Folders()
        => Service.GetTypes().Where(type => NamespaceCircles.IsOf(type, Root)).Select(type => type.Namespace![Root.Length..].Split('.'))
            .Where(parts => parts.Length > 1).Select(parts => parts[1]).Distinct();
}
