using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace OpenAIProxy.BillingService.Tests.Ledger;

/// <summary>Runs a theory on each kind of database.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnEachDatabaseAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
        => new(Enum.GetValues<LedgerKind>().Select(kind => (ITheoryDataRow)new TheoryDataRow<LedgerKind>(kind)).ToArray());

    public override bool SupportsDiscoveryEnumeration() => true;
}
