using System.Collections.Frozen;
using System.Globalization;
using OpenAIProxy.Contracts;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Pages.Texts;

/// <summary>All words of the pages in one language. A place for something is written {0}.</summary>
public sealed partial class Words
{
    private Words()
    {
    }

    /// <summary>The language's tag in HTML, Accept-Language and <c>?lang=</c>.</summary>
    internal string Language { get; private init; } = "";

    /// <summary>The other language's name, in that language.</summary>
    internal string OtherName { get; private init; } = "";

    internal Words Other => this == English ? Chinese : English;

    internal string Usage { get; private init; } = "";

    internal string SkipToContent { get; private init; } = "";

    internal string SignIn { get; private init; } = "";

    internal string SignOut { get; private init; } = "";

    internal string SignInBy { get; private init; } = "";

    internal string SignedInTitle { get; private init; } = "";

    internal string SignedIn { get; private init; } = "";

    internal string NotSignedInTitle { get; private init; } = "";

    internal string SignInDenied { get; private init; } = "";

    internal string SignInExpired { get; private init; } = "";

    internal string ProviderAway { get; private init; } = "";

    internal string ProviderRefused { get; private init; } = "";

    internal string SignInLead { get; private init; } = "";

    internal string ApiKey { get; private init; } = "";

    internal string KeyHint { get; private init; } = "";

    internal string UnknownKey { get; private init; } = "";

    internal string OnlyAdmin { get; private init; } = "";

    internal string TooManyTries { get; private init; } = "";

    internal string ForeignForm { get; private init; } = "";

    internal string NotFoundTitle { get; private init; } = "";

    internal string NotFound { get; private init; } = "";

    internal string FailedTitle { get; private init; } = "";

    internal string Failed { get; private init; } = "";

    internal string RefusedTitle { get; private init; } = "";

    internal string BadRequest { get; private init; } = "";

    internal string BackToUsage { get; private init; } = "";

    internal string Period { get; private init; } = "";

    internal string Today { get; private init; } = "";

    internal string DaysOf { get; private init; } = "";

    internal string From { get; private init; } = "";

    internal string To { get; private init; } = "";

    internal string Show { get; private init; } = "";

    internal string TimeZone { get; private init; } = "";

    internal string Apply { get; private init; } = "";

    internal string WrongZone { get; private init; } = "";

    internal string NoZones { get; private init; } = "";

    internal string ZoneDays { get; private init; } = "";

    internal string Utc { get; private init; } = "";

    internal string WrongDate { get; private init; } = "";

    internal string WrongOrder { get; private init; } = "";

    internal string TooLong { get; private init; } = "";

    internal string DownloadCsv { get; private init; } = "";

    internal string DownloadFocus { get; private init; } = "";

    internal string AllKeys { get; private init; } = "";

    internal string YourKeys { get; private init; } = "";

    internal string NoOwnKeys { get; private init; } = "";

    internal string YourKey { get; private init; } = "";

    internal string OneKey { get; private init; } = "";

    internal string BackToAllKeys { get; private init; } = "";

    internal string BackToAllModels { get; private init; } = "";

    internal string OneModel { get; private init; } = "";

    internal string Summary { get; private init; } = "";

    internal string Cost { get; private init; } = "";

    internal string Requests { get; private init; } = "";

    internal string Tokens { get; private init; } = "";

    internal string Errors { get; private init; } = "";

    internal string Succeeded { get; private init; } = "";

    internal string CutOff { get; private init; } = "";

    internal string ErrorShare { get; private init; } = "";

    internal string Duration { get; private init; } = "";

    internal string FirstToken { get; private init; } = "";

    internal string BriefFirstToken { get; private init; } = "";

    internal string OfCalls { get; private init; } = "";

    internal string OfAnswers { get; private init; } = "";

    internal string Nearly { get; private init; } = "";

    internal string InAndOut { get; private init; } = "";

    internal string OfThemCached { get; private init; } = "";

    internal string Unpriced { get; private init; } = "";

    internal string UnpricedPart { get; private init; } = "";

    internal string UnpricedRequests { get; private init; } = "";

    internal string UnpricedUsage { get; private init; } = "";

    internal string Estimated { get; private init; } = "";

    internal string EstimatedPart { get; private init; } = "";

    internal string EstimatedMark { get; private init; } = "";

    internal string EstimatedUsage { get; private init; } = "";

    internal string EstimatedRequests { get; private init; } = "";

    internal string CostByModel { get; private init; } = "";

    internal string CostPerDayByModel { get; private init; } = "";

    internal string TokensByKind { get; private init; } = "";

    internal string TokensPerDayByKind { get; private init; } = "";

    internal string RequestsAndErrors { get; private init; } = "";

    internal string RequestsAndErrorsPerDay { get; private init; } = "";

    internal string ByKey { get; private init; } = "";

    internal string ByTeam { get; private init; } = "";

    internal string ByOwner { get; private init; } = "";

    internal string ByModel { get; private init; } = "";

    internal string Description { get; private init; } = "";

    internal string Figures { get; private init; } = "";

    internal string Live { get; private init; } = "";

    internal string LiveLead { get; private init; } = "";

    internal string LivePaused { get; private init; } = "";

    internal string Pause { get; private init; } = "";

    internal string Resume { get; private init; } = "";

    internal string NoCalls { get; private init; } = "";

    internal string Time { get; private init; } = "";

    internal string Status { get; private init; } = "";

    internal string CallFailed { get; private init; } = "";

    internal string NothingYet { get; private init; } = "";

    internal string Day { get; private init; } = "";

    internal string Model { get; private init; } = "";

    internal string NoModel { get; private init; } = "";

    internal string AskedAs { get; private init; } = "";

    internal string ShutsDown { get; private init; } = "";

    internal string OtherModels { get; private init; } = "";

    internal string Others { get; private init; } = "";

    internal string Key { get; private init; } = "";

    internal string Anonymous { get; private init; } = "";

    internal string Team { get; private init; } = "";

    internal string NoTeam { get; private init; } = "";

    internal string Owner { get; private init; } = "";

    internal string NoOwner { get; private init; } = "";

    internal string Total { get; private init; } = "";

    internal string Budgets { get; private init; } = "";

    internal string Budget { get; private init; } = "";

    internal string BudgetOf { get; private init; } = "";

    internal string Used { get; private init; } = "";

    internal string UsedOf { get; private init; } = "";

    internal string Left { get; private init; } = "";

    internal string Amount { get; private init; } = "";

    internal string PartUsed { get; private init; } = "";

    internal string Resets { get; private init; } = "";

    internal string Never { get; private init; } = "";

    internal string MoreBudgets { get; private init; } = "";

    internal string OneTeam { get; private init; } = "";

    internal string AllCallers { get; private init; } = "";

    /// <summary>The periods of budgets.</summary>
    internal IReadOnlyDictionary<BudgetPeriod, string> Periods { get; private init; } = FrozenDictionary<BudgetPeriod, string>.Empty;

    internal string Limits { get; private init; } = "";

    internal string Allowed { get; private init; } = "";

    /// <summary>The kinds of tokens that the page shows, by name.</summary>
    internal IReadOnlyDictionary<CountKind, string> TokenKinds { get; private init; } = FrozenDictionary<CountKind, string>.Empty;

    internal string UncachedInput { get; private init; } = "";

    internal string SaidOutput { get; private init; } = "";

    internal string AudioSeconds { get; private init; } = "";

    internal string VideoSeconds { get; private init; } = "";

    internal string Characters { get; private init; } = "";

    internal string Images { get; private init; } = "";

    internal string ToolCalls { get; private init; } = "";

    internal Func<DateOnly, string> ShortDay { get; private init; } = _ => "";

    /// <summary>The words for a language's tag; null if there are none.</summary>
    internal static Words? For(ReadOnlySpan<char> tag)
        => tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase) && (tag.Length == 2 || tag[2] == '-') ? Chinese
            : tag.StartsWith("en", StringComparison.OrdinalIgnoreCase) && (tag.Length == 2 || tag[2] == '-') ? English
            : null;

    /// <summary><paramref name="text"/> with <paramref name="value"/> in its place.</summary>
    internal static string Fill(string text, string value) => text.Replace("{0}", value, StringComparison.Ordinal);

    /// <summary>When the days of the page begin.</summary>
    internal string DaysBegin(TimeZoneInfo zone) => zone.Id == Answers.TimeZones.Utc ? Utc : Fill(ZoneDays, zone.Id);

    /// <summary>The name of a choice of days up to today.</summary>
    internal string Preset(int days) => days == 1 ? Today : Fill(DaysOf, days.ToString(CultureInfo.InvariantCulture));
}
