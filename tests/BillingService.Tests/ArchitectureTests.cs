using System.Reflection;
using System.Text.RegularExpressions;
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
        { "Caching", ["Accounts", "Answers"] },
        { "Upstream", ["Accounts", "Answers", "Caching"] },
        { "Reports", ["Answers", "Ledger"] },
        { "Configuration", ["Accounts", "Caching", "Ledger", "Reports", "Upstream"] },
        { "Queries", ["Accounts", "Answers", "Configuration", "Ledger", "Reports", "Upstream"] },
        { "Pages", ["Accounts", "Answers", "Ledger", "Reports"] },
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
    public void Namespaces_HaveNoCircle()
    {
        var namespaces = Service.GetTypes().Where(IsOurs).GroupBy(type => type.Namespace!).ToDictionary(n => n.Key, n => n.Select(t => t.FullName!).ToArray());
        var known = namespaces.Keys.ToDictionary(n => n, n => namespaces.Keys.Where(other => other != n && Knows(n, namespaces[other])).ToHashSet());

        // What is known by way of others, too.
        foreach (var (between, beyond) in known)
        {
            foreach (var reached in known.Values.Where(reached => reached.Contains(between)))
            {
                reached.UnionWith(beyond);
            }
        }

        Assert.Empty(known.Where(n => n.Value.Contains(n.Key)).Select(n => n.Key[Root.Length..]));
    }

    private static bool Knows(string name, string[] types)
        => Types.InAssembly(Service).That().ResideInNamespaceMatching($"^{Regex.Escape(name)}$").And().HaveDependencyOnAny(types).GetTypes().Any();

    private static IEnumerable<string> Folders()
        => Service.GetTypes().Where(IsOurs).Select(type => type.Namespace![Root.Length..].Split('.')).Where(parts => parts.Length > 1).Select(parts => parts[1]).Distinct();

    private static bool IsOurs(Type type) => !type.IsNested && type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true;
}
