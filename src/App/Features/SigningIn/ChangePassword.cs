using Laurel.App.Platform.Access;
using Laurel.App.Platform.Localisation;
using Laurel.Storage;

namespace Laurel.App.Features.SigningIn;

/// <summary>A person replaces the own password; all other sessions end.</summary>
public sealed class ChangePassword(Database database, AccountStore accounts, SignInLimits limits, TimeProvider time)
{
    /// <summary>Null when done; otherwise what is wrong, as an English text that pages translate.</summary>
    public string? Try(HttpContext context, CurrentPerson person, string? current, string? next)
    {
        if (!limits.MaySignIn(context.Connection.RemoteIpAddress, person.Id)) return Ui.Text("Wait a minute, then try again.");
        if (!Passwords.Matches(accounts.PasswordHash(person.Key), current ?? ""))
            return Ui.Text("The current password is not right.");
        if (Passwords.Refusal(next, person.Id) is { } refusal) return refusal;
        if (string.Equals(current, next, StringComparison.Ordinal)) return Ui.Text("The new password must differ from the current one.");
        var hash = Passwords.Hash(next!);
        database.Write((c, t) =>
        {
            AccountStore.SetPassword(c, t, person.Key, hash, mustChange: false);
            Audit.Write(c, t, person.Actor, time.GetUtcNow().ToUnixTimeMilliseconds(), "password.changed", person.Name);
        });
        return null;
    }
}
