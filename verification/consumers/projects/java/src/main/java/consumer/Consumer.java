package consumer;

import io.github.tapstack.audittrail.AuditTrail;
import io.github.tapstack.encryptedstorage.DenyWrongKey;
import io.github.tapstack.encryptedstorage.EncryptedBucket;
import io.github.tapstack.encryptedstorage.EncryptionKey;
import io.github.tapstack.encryptedstorage.RequireTls;
import io.github.tapstack.monitoredcompute.MonitoredInstance;
import io.github.tapstack.securenetwork.Egress;
import io.github.tapstack.securenetwork.SecureVpc;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.s3.Bucket;

public final class Consumer {
    public static void main(final String[] arguments) {
        App app = App.Builder.create().analyticsReporting(false).build();
        Stack stack = new Stack(app, "Consumer");

        IKey key = new EncryptionKey(stack, "Key").getKey();
        IVpc vpc = SecureVpc.Builder.create(stack, "Network").egress(Egress.SINGLE).encryptionKey(key).build().getVpc();
        EncryptedBucket.Builder.create(stack, "Store").encryptionKey(key).supersededVersionsKeptFor(Duration.days(30)).build();
        Bucket.Builder.create(stack, "Theirs").encryptionKey(key).build().with(new RequireTls(), new DenyWrongKey(key));
        MonitoredInstance.Builder.create(stack, "Server").vpc(vpc).encryptionKey(key).logFiles(List.of("/var/log/app.log")).build();
        AuditTrail.Builder.create(stack, "Audit").encryptionKey(key).build();

        app.synth();
    }
}
