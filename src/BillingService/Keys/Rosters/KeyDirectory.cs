using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Ledger;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Keys.Rosters;

/// <summary>
/// Who is who among access keys: those of gateways' settings and those made at run time. Of two with one id the configured one holds, as at the gateways.
/// </summary>
internal sealed class KeyDirectory(KeyStore managed, RosterStore rosters) : IConfiguredKeys, IKeyOwners
{
    private volatile Made? _made;

    /// <summary>All keys. They are put together anew only when some have changed.</summary>
    /// <exception cref="LedgerAwayException">The database can't be read.</exception>
    public async Task<KeyIndex> ReadAsync(CancellationToken cancellationToken)
    {
        var (book, roster) = (await managed.ReadAsync(cancellationToken), await rosters.ReadAsync(cancellationToken));
        var made = _made;
        if (made is null || made.Book != book || made.Roster != roster)
        {
            _made = made = new Made(book, roster, Make(book, roster));
        }

        return made.Index;
    }

    /// <summary>
    /// The keys whose owner has this e-mail; <see cref="OwnerName.Matches"/> says when that is so. Those of the past are among them:
    /// <see cref="KeyFacts.IsInForce"/>.
    /// </summary>
    /// <exception cref="LedgerAwayException">The database can't be read.</exception>
    public async Task<IReadOnlyList<KeyFacts>> OfOwnerAsync(string email, CancellationToken cancellationToken)
        => [.. (await ReadAsync(cancellationToken)).Keys.Where(key => OwnerName.Matches(key.Owner, email))];

    public async Task<IReadOnlyList<string>> FindKeysAsync(string email, CancellationToken cancellationToken)
        => [.. (await OfOwnerAsync(email, cancellationToken)).Select(key => key.Id)];

    public async Task<bool> HasAsync(string id, CancellationToken cancellationToken)
        => (await rosters.ReadAsync(cancellationToken)).Keys.Any(key => key.Id == id);

    private static KeyIndex Make(KeyBook book, RosterBook roster)
    {
        var common = roster.Common ?? new RosterCommon("", new Dictionary<string, string>(), "", TimeZones.Utc, "", null);
        var alertAt = Levels(common.AlertAt);
        var teams = new Spelling(common.Teams.Keys);
        var owners = new Spelling([]);
        var configured = roster.Keys.Select(key => Facts(key.Id, key.Name, key.Owner, key.Team, key.Budgets, key.AlertAt, key.Limits ?? KeyLimits.None));
        var made = book.Keys.Select(key => Record(key.Record) with { IsInForce = key.Revoked is null });
        var past = roster.Known.Select(key => new KeyFacts(key.Id, key.Name, owners.Of(key.Owner), teams.Of(key.Team)));
        return new KeyIndex(
            [.. configured.Concat(made).Concat(past).DistinctBy(key => key.Id)],
            new SharedBudgets(
                common.Teams.ToDictionary(team => team.Key, team => Enforced(team.Value)), Enforced(common.Total), common.TimeZone, alertAt));

        KeyFacts Record(AccessKeyRecord key) => Facts(key.Id, key.Name, key.Owner, key.Team, key.Budgets, key.AlertAt, key.Limits);

        KeyFacts Facts(string id, string name, string owner, string team, string budgets, string alerts, KeyLimits limits)
            => new(id, name, owners.Of(owner), teams.Of(team))
            {
                IsInForce = true,
                Budgets = Enforced(Either(budgets, common.Budgets)),
                AlertAt = alerts.Length > 0 ? Levels(alerts) : alertAt,
                Limits = common.Limits is { } usual ? Join(limits, usual) : limits,
            };
    }

    private static KeyLimits Join(KeyLimits own, KeyLimits common) => new(
        Either(own.Requests, common.Requests), Either(own.Tokens, common.Tokens), Either(own.InputTokens, common.InputTokens),
        Either(own.OutputTokens, common.OutputTokens), Either(own.Concurrency, common.Concurrency));

    private static string Either(string own, string common) => own.Length > 0 ? own : common;

    private static IReadOnlyList<Budget> Enforced(string text) => Budget.TryParse(text, out var budgets) ? [.. budgets.Where(budget => !budget.IsShadow)] : [];

    private static IReadOnlyList<int> Levels(string text) => AlertLevels.TryParse(text, out var levels) ? levels : [];

    private sealed record Made(KeyBook Book, RosterBook Roster, KeyIndex Index);

    // Names of teams don't differ by their case, nor do addresses of people: each is written as it was first.
    private sealed class Spelling(IEnumerable<string> known)
    {
        private readonly Dictionary<string, string> _names = known.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase);

        public string Of(string name)
        {
            if (_names.TryGetValue(name, out var spelled))
            {
                return spelled;
            }

            _names.Add(name, name);
            return name;
        }
    }
}
