namespace OpenAIProxy.BillingService.Reports;

/// <summary>A model, and what it used.</summary>
/// <param name="Name">The model that answered.</param>
/// <param name="AskedAs">The name that was asked for, if calls that failed under it are in <paramref name="Sum"/>; else null.</param>
/// <param name="Sum">What it used.</param>
internal sealed record ModelGroup(string Name, string? AskedAs, FiguresSum Sum);
