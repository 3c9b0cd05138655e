using OpenAIProxy.BillingService.Accounts;
using OpenAIProxy.BillingService.Keys;
using OpenAIProxy.BillingService.SignIn;
using OpenAIProxy.BillingService.Pages.Texts;
using OpenAIProxy.BillingService.Pages.Views;
using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.BillingService.Pages;

/// <summary><c>/usage/keys</c>: the access keys, for admins. Everything works without a script.</summary>
internal sealed class KeyPages(PageWriter writer, KeyStore keys, Visitors visitors, TimeProvider time)
{
    private const string Actor = "usage page";

    public Task ShowAsync(HttpContext context, string? id) => ForAdminAsync(
        context, (frame, _) => ShowAsync(context, frame, id, StatusCodes.Status200OK));

    public Task CreateAsync(HttpContext context) => ForFormAsync(context, async (frame, form, actor) =>
    {
        var result = await keys.CreateAsync(KeyForms.Read(form, isNew: true), actor, context.RequestAborted);
        await AnswerAsync(context, frame, result, null, form);
    });

    public Task UpdateAsync(HttpContext context, string id) => ForFormAsync(context, async (frame, form, actor) =>
    {
        var result = await keys.UpdateAsync(id, KeyForms.Read(form, isNew: false), actor, context.RequestAborted);
        await AnswerAsync(context, frame, result, id, form);
    });

    public Task RotateAsync(HttpContext context, string id) => ForFormAsync(context, async (frame, form, actor) =>
    {
        if (!Durations.TryParse(form["overlap"].ToString().Trim(), out var overlap) || overlap > KeyStore.LongestOverlap)
        {
            await ShowAsync(context, frame, id, StatusCodes.Status422UnprocessableEntity, error: frame.Words.BadRequest);
            return;
        }

        await AnswerAsync(context, frame, await keys.RotateAsync(id, overlap, actor, context.RequestAborted), id, form);
    });

    public Task RevokeAsync(HttpContext context, string id) => ForFormAsync(context, async (frame, form, actor) =>
    {
        if (form["sure"] != "true")
        {
            await ShowAsync(context, frame, id, StatusCodes.Status422UnprocessableEntity, error: KeyTexts.Of(frame.Words).NotSure);
            return;
        }

        await AnswerAsync(context, frame, await keys.RevokeAsync(id, actor, context.RequestAborted), id, form);
    });

    private async Task ForAdminAsync(HttpContext context, Func<Frame, Caller, Task> show)
    {
        var frame = Frames.Of(context.Request);
        if (await visitors.FindAsync(context) is not { } viewer)
        {
            await writer.WriteSignInAsync(context, frame, StatusCodes.Status200OK, null);
            return;
        }

        if (!viewer.IsAdmin)
        {
            await writer.WriteMessageAsync(
                context, frame, StatusCodes.Status403Forbidden, frame.Words.RefusedTitle, KeyTexts.Of(frame.Words).AdminOnly);
            return;
        }

        await show(frame, viewer);
    }

    private Task ForFormAsync(HttpContext context, Func<Frame, IFormCollection, string, Task> take) => ForAdminAsync(context, async (frame, viewer) =>
    {
        if (FormOrigin.IsForeign(context.Request))
        {
            await writer.WriteMessageAsync(context, frame, StatusCodes.Status403Forbidden, frame.Words.RefusedTitle, frame.Words.ForeignForm);
        }
        else if (!context.Request.HasFormContentType)
        {
            await writer.WriteMessageAsync(context, frame, StatusCodes.Status415UnsupportedMediaType, frame.Words.RefusedTitle, frame.Words.BadRequest);
        }
        else
        {
            // As at the sign-in: a read that is given up would leave the connection in a state that nobody expects.
            await take(frame, await context.Request.ReadFormAsync(CancellationToken.None), viewer.Name ?? Actor);
        }
    });

    private async Task AnswerAsync(HttpContext context, Frame frame, KeyResult result, string? id, IFormCollection form)
    {
        switch (result.Outcome)
        {
            case KeyOutcome.IsWrong:
                await ShowAsync(context, frame, id, StatusCodes.Status422UnprocessableEntity, form: form, wrong: result.Wrong!);
                break;
            case KeyOutcome.Done when result.Secret is not null:
                // No redirect: the secret stands in this answer and nowhere else.
                await ShowAsync(context, frame, result.Key!.Record.Id, StatusCodes.Status200OK, result.Secret);
                break;
            case KeyOutcome.NotFound:
                await writer.WriteMessageAsync(context, frame, StatusCodes.Status404NotFound, frame.Words.NotFoundTitle, frame.Words.NotFound);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = frame.Link($"/keys/{id}");
                context.Response.ContentLength = 0;
                break;
        }
    }

    private async Task ShowAsync(
        HttpContext context, Frame frame, string? id, int status, string? secret = null, string? error = null, IFormCollection? form = null,
        IReadOnlyList<FieldError>? wrong = null)
    {
        var texts = KeyTexts.Of(frame.Words);
        var book = await keys.ReadAsync(context.RequestAborted);
        var used = await keys.LastUsedAsync(context.RequestAborted);
        var now = time.GetUtcNow();
        var chosen = id is null ? null : book.Find(id);
        if (id is not null && chosen is null)
        {
            await writer.WriteMessageAsync(context, frame, StatusCodes.Status404NotFound, frame.Words.NotFoundTitle, frame.Words.NotFound);
            return;
        }

        var view = new KeysView(
            frame,
            new ViewerView(frame.Words.AllKeys, null) { IsAdmin = true },
            chosen is null ? [.. book.Keys.Select(Line)] : [],
            form is null ? KeyForms.Of(chosen, texts) : KeyForms.Of(form, chosen is null, wrong!, texts),
            chosen is null ? null : Line(chosen),
            secret,
            error ?? (wrong is null ? null : KeyForms.Errors(wrong, texts)));
        await writer.WriteKeysAsync(context, status, view);

        KeyLine Line(ManagedKey key)
        {
            var endings = key.SecretsAt(now).Select(item => item.NotAfter is { } end
                ? texts.Until.Replace("{0}", item.Ending, StringComparison.Ordinal).Replace("{1}", KeyFields.Format(end), StringComparison.Ordinal)
                : $"…{item.Ending}");
            string[] about = [key.Record.Team, key.Record.Owner];
            return new KeyLine(
                key.Record.Id, key.Record.Name, texts.States[key.StateAt(now)], string.Join(", ", endings),
                used.TryGetValue(key.Record.Id, out var day) ? day.ToString("O", null) : texts.Never, string.Join(", ", about.Where(part => part.Length > 0)),
                key.Revoked is not null);
        }
    }
}
